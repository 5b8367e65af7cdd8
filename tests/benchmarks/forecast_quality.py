"""How often the forecast was right on 200 simulated days: `make bench`."""

import time

from tests.support.simulated import brier_skill, reliability, simulated_days

DAYS = 200


def main() -> None:
    """Prints the reliability table."""
    began = time.perf_counter()
    said = simulated_days(DAYS, seed=2026)
    print(f"{DAYS} simulated days, {len(said)} chances said, {time.perf_counter() - began:.0f} s")
    print(f"{'said':>12}{'times':>9}{'mean said':>11}{'happened':>10}")
    for line in reliability(said):
        span = f"{100 * line.low:.0f}-{100 * line.high:.0f} %"
        print(f"{span:>12}{line.count:>9}{100 * line.said:>10.1f}%{100 * line.happened:>9.1f}%")
    gap = sum(line.count * abs(line.said - line.happened) for line in reliability(said)) / len(said)
    print(f"mean gap {100 * gap:.1f} points, Brier skill {brier_skill(said):.2f}")


if __name__ == "__main__":
    main()
