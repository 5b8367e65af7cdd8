"""Incidents: what is asked of the supplier's engineers, and how far they are."""
