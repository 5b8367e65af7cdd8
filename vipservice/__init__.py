"""The support chat between a knowledge centre and the administrators of municipalities."""
