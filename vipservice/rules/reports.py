"""Figures: what they count and how they are counted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceLevel:
    """Picked up within the target ÷ offered.

    ``offered`` counts pick-up clocks that were met or breached; a chat withdrawn before its
    target neither helps nor harms. ``percent`` is None when nothing was offered.
    """

    offered: int
    within: int

    @property
    def percent(self) -> float | None:
        """In percent, with one decimal."""
        return round(100 * self.within / self.offered, 1) if self.offered else None
