"""How large a proof is: short in the suite, whole in `make prove`, brief for each mutation."""

import os

WHOLE, BRIEF = (os.environ.get(name) == "1" for name in ("PROVE", "BRIEF"))
BRIEFER = 20


def size(whole: int, short: int) -> int:
    """``whole`` in `make prove`, else ``short``; for each mutation a part of that."""
    if BRIEF:
        return max(1, short // BRIEFER)
    return whole if WHOLE else short
