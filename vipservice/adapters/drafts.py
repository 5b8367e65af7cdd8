"""Drafts made in a process of its own: whatever people paste, nobody else waits for it."""

import logging
import time
from collections.abc import Sequence

from vipservice.adapters.aside import Aside, TooLong
from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.draft import Choice, draft
from vipservice.rules.incidents.model import Conversation, IncidentDraft, Line
from vipservice.rules.incidents.reading import Reading, read_within
from vipservice.rules.refusals import N_, Refusal

log = logging.getLogger(__name__)
ENOUGH, LIMIT, LONGEST = 0.15, 0.3, 5.0
"""Seconds of processor time: after which no other line is begun, after which it is ended, and what
a draft takes at most that is the transcript only."""
TOO_LONG = N_("This conversation is too long to make an incident of. Choose fewer messages.")


class Drafts:
    """Makes drafts beside the server."""

    def __init__(self, aside: Aside) -> None:
        self._aside = aside

    def start(self) -> None:
        """Makes the process ready."""
        self._aside.start(read_lines)

    def close(self) -> None:
        """Ends it."""
        self._aside.close()

    def make(
        self, conversation: Conversation, reference: str, language: str, choice: Choice | None
    ) -> IncidentDraft:
        """The draft; what can not be read in time is the transcript only, and says so.

        Raises Refusal when even that is too much.
        """
        given = (conversation, reference, language, choice)
        try:
            return self._aside.run(LIMIT, make_draft, *given)
        except TooLong:
            log.warning("%s could not be read in time", conversation.number)
        try:
            return self._aside.run(LONGEST, make_transcript, *given)
        except TooLong:
            raise Refusal(TOO_LONG) from None


def make_draft(
    conversation: Conversation,
    reference: str,
    language: str = DEFAULT,
    choice: Choice | None = None,
) -> IncidentDraft:
    """The draft of a conversation, as far as it can be read in ENOUGH seconds."""
    return draft(conversation, reference, translator(language), read_lines, choice)


def make_transcript(
    conversation: Conversation, reference: str, language: str, choice: Choice | None
) -> IncidentDraft:
    """The draft when nothing could be read."""
    return draft(conversation, reference, translator(language), _read_nothing, choice)


def read_lines(lines: Sequence[Line] = ()) -> Reading:
    """As much of these lines as can be read in ENOUGH seconds."""
    return read_within(lines, time.process_time, ENOUGH)


def _read_nothing(_lines: Sequence[Line]) -> None:
    """Nobody reads."""
