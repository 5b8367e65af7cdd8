"""Forecasts worked out in a process of their own: some hundred plays of the desk."""

import threading

from vipservice.adapters.aside import Aside, TooLong
from vipservice.rules.forecast import Forecast, Situation, forecast

LIMIT = 1.0
"""Seconds of processor time; the longest queue takes a tenth of it."""


class Foresight:
    """Foretells; the same situation, for which many may ask at once, is played once."""

    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._turn = threading.Lock()
        self._last: tuple[Situation, Forecast] | None = None

    def foretell(self, situation: Situation) -> Forecast | None:
        """What lies ahead; None when it took too long."""
        with self._turn:
            last = self._last
            if last and last[0] == situation:
                return last[1]
            try:
                found = self._aside.run(LIMIT, forecast, situation)
            except TooLong:
                return None
            self._last = (situation, found)
            return found

    def close(self) -> None:
        """Ends the process."""
        self._aside.close()
