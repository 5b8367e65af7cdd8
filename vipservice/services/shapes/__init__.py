"""The public shapes: what the API answers and what the live connection sends are one thing."""
