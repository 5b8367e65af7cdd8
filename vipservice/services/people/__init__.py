"""People: signing in, rights, and what operators keep of them."""
