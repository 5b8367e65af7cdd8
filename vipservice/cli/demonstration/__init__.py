"""The demonstration: people and conversations to look at, made through the services."""
