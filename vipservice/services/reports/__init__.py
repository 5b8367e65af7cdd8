"""The figures: added up as things happen, and shown on board, pages, exports and API."""
