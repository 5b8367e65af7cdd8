"""From a conversation to the draft of an incident: pure, deterministic, explainable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vipservice.rules.chats import SAID
from vipservice.rules.incidents.model import (
    TITLE_LENGTH,
    Conversation,
    FindingKind,
    Found,
    IncidentDraft,
    Line,
    Translate,
)
from vipservice.rules.incidents.reading import Read, Reading, noted_lines, said_lines
from vipservice.rules.privacy import MASK, mask_bsn
from vipservice.rules.refusals import N_
from vipservice.rules.text import plain_file_name
from vipservice.rules.wording import cut

PARTS = (
    (N_("Question"), (FindingKind.QUESTION,)),
    (N_("Steps"), (FindingKind.STEP,)),
    (N_("Tried and ruled out"), (FindingKind.TRIED,)),
    (N_("Error messages"), (FindingKind.ERROR,)),
    (N_("Versions"), (FindingKind.VERSION,)),
    (N_("Screens"), (FindingKind.SCREEN,)),
    (N_("Numbers"), (FindingKind.NUMBER,)),
    (N_("Environment"), (FindingKind.ENVIRONMENT,)),
    (N_("Who is hit, and how badly"), (FindingKind.IMPACT, FindingKind.URGENCY)),
)
NOT_READ = N_("This conversation could not be read in time. What was said is in %(file)s.")
PART_READ = N_("The conversation is long: only its beginning and its end were read for this.")
LEGEND = N_("A number in brackets is the message it came from. The whole conversation: %(file)s.")
NOTE = N_("internal note")
FILE_NAME_LENGTH = 80


@dataclass(frozen=True)
class Choice:
    """Which entries of the conversation go along (None: all), and which internal notes."""

    entries: tuple[int, ...] | None = None
    notes: tuple[int, ...] = ()


def draft(
    conversation: Conversation,
    reference: str,
    translate: Translate,
    read: Read,
    choice: Choice | None = None,
) -> IncidentDraft:
    """The incident that this conversation asks for.

    ``reference`` is ours (``vip-<uuid>``); ``translate`` gives the headings in the reader's
    language; where ``read`` gave up, or read a part, the description says so. Internal notes stay
    inside; those that are chosen are read by the engineers alone.
    Citizen service numbers are masked everywhere.
    """
    picked = choice or Choice()
    lines = [_masked(line, translate) for line in said_lines(conversation, picked.entries)]
    notes = [_masked(line, translate) for line in noted_lines(conversation, picked.notes)]
    reading = read([line for line in lines if line.kind in SAID])
    found = reading or Reading()
    phone = found.phone or conversation.phone
    weighed = [one for one in found.found if one.kind in (FindingKind.IMPACT, FindingKind.URGENCY)]
    name = f"gesprek-{conversation.number}.txt"
    return IncidentDraft(
        title=cut(mask_bsn(found.title or conversation.title, translate(MASK)), TITLE_LENGTH),
        description=_describe(conversation, reading, phone, name, translate),
        category=conversation.topic,
        impact=found.impact,
        urgency=found.urgency,
        because=tuple(dict.fromkeys(one.text for one in weighed)),
        requester=conversation.requester,
        email=conversation.email,
        phone=phone,
        municipality=conversation.municipality,
        reference=reference,
        chat_url=conversation.url,
        transcript=transcript(conversation, lines, translate),
        transcript_name=name,
        found=found.found,
        note="\n".join(_spoken(conversation.number, line, translate) for line in notes),
    )


def transcript(conversation: Conversation, lines: Sequence[Line], translate: Translate) -> str:
    """The conversation word for word and what happened, each line with the number of its entry."""
    head = f"{conversation.number} · {conversation.topic} · {conversation.municipality}"
    said = [_spoken(conversation.number, line, translate) for line in lines]
    return "\n".join([head, conversation.url, "", *said]) + "\n"


def told_after(conversation: Conversation, translate: Translate, choice: Choice) -> str:
    """The lines of a transcript of what was said after it; a choice of entries holds none."""
    if choice.entries is not None:
        return ""
    lines = [_masked(line, translate) for line in said_lines(conversation, None)]
    return "".join(f"{_spoken(conversation.number, line, translate)}\n" for line in lines)


def file_name(number: str, label: str, name: str) -> str:
    """A name that every system takes: letters, digits and dashes, and of its own over all chats."""
    return f"{number}-{label}-{plain_file_name(name, FILE_NAME_LENGTH)}"


def file_label(seq: int, public_seq: int | None) -> str:
    """What stands for an entry in the name of its file: the public number where it has one."""
    return f"{public_seq:03}" if public_seq else f"n{seq:03}"


def _describe(
    conversation: Conversation,
    reading: Reading | None,
    phone: str,
    name: str,
    translate: Translate,
) -> str:
    """The description in parts; a part without content is left out."""
    found = reading.found if reading else ()
    parts = [(head, _bullets(found, kinds)) for head, kinds in PARTS]
    parts.append((N_("Reported by"), _reported(conversation, phone)))
    parts.append((N_("About the municipality"), "\n".join(conversation.facts)))
    told = NOT_READ if reading is None else LEGEND
    end = [f"{conversation.number} {conversation.url}", translate(told) % {"file": name}]
    if reading and not reading.whole:
        end.append(translate(PART_READ))
    parts.append((N_("Chat"), "\n".join(end)))
    return "\n\n".join(f"{translate(head).upper()}\n{body}" for head, body in parts if body)


def _bullets(found: Iterable[Found], kinds: Sequence[FindingKind]) -> str:
    return "\n".join(f"- {one.text} [{one.seq}]" for one in found if one.kind in kinds)


def _reported(conversation: Conversation, phone: str) -> str:
    told = (
        conversation.requester,
        conversation.municipality,
        conversation.email,
        phone,
        conversation.customer_reference,
    )
    return ", ".join(part for part in told if part)


def _spoken(number: str, line: Line, translate: Translate) -> str:
    if line.kind not in SAID:
        return f"[{line.mark}] {line.at:%d-%m-%Y %H:%M} · {line.body}"
    note = f" ({translate(NOTE)})" if line.visibility == "centre" else ""
    said = file_name(number, line.label, line.file) if line.file else line.body
    return f"[{line.mark}] {line.at:%d-%m-%Y %H:%M} {line.author}{note}: {said}"


def _masked(line: Line, translate: Translate) -> Line:
    body = mask_bsn(line.body, translate(MASK))
    return line if body == line.body else replace(line, body=body)
