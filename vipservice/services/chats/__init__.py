"""Chats: access, timeline and the moves of the state machine."""
