"""How large a proof is: short in the suite, whole in `make prove`."""

import os

WHOLE = os.environ.get("PROVE") == "1"


def size(whole: int, short: int) -> int:
    """``whole`` in `make prove`, else ``short``."""
    return whole if WHOLE else short
