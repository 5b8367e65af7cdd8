"""Opening hours and targets: new versions, and the running clocks that follow them."""
