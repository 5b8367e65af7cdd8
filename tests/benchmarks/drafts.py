"""How good drafts are: precision and recall for each field, on labelled conversations.

``python -m tests.benchmarks.drafts``; with a part's name also what was missed.
"""

import sys

from tests.support.corpus import PARTS, conversations, measured


def main() -> None:
    """A table a part."""
    for part in PARTS:
        labelled = conversations(part)
        print(f"{part}: {len(labelled)} conversations")
        print(f"{'':>10}{'precision':>11}{'recall':>9}{'wanted':>9}{'found':>8}")
        for name, score in measured(labelled).items():
            print(
                f"{name:>10}{score.precision:>11.2f}{score.recall:>9.2f}"
                f"{score.wanted:>9}{score.found:>8}"
            )
            if part in sys.argv[1:]:
                print("\n".join(f"{'':>14}{line}" for line in score.missed))


if __name__ == "__main__":
    main()
