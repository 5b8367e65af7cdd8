"""Strict doubles of ticketing systems, each written from the system's public documentation."""
