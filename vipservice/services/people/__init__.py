"""People: signing in, rights, and the register that operators keep."""
