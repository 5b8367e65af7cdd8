"""Incidents: the draft, the escalation, and the delivery to the ticketing system."""
