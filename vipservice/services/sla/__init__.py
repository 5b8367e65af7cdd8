"""The promise: versions of hours and targets, clocks, flags, and the ledger they make."""
