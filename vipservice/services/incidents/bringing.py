"""Bringing texts and files to a ticket that is there, each once, and to whom it is for."""

from collections.abc import Sequence

from vipservice.adapters.base import Missing, OutsideError, Refused, Unavailable
from vipservice.adapters.ticketing.base import File, Record, Ticket, Ticketing
from vipservice.adapters.ticketing.limits import fitting_text
from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.model import Step
from vipservice.rules.refusals import N_
from vipservice.services import outbox
from vipservice.services.chats.additions import sent_name
from vipservice.services.incidents.stored import ticket_of
from vipservice.services.incidents.telling import tell_of_addition
from vipservice.services.outbox import Claim
from vipservice.store.tables import Attachment, Chat, Incident
from vipservice.store.work import Store, Work

TEXT = "text/plain"
NOTES_MARK = "[interne notities]"
"""The mark of what goes with an incident itself."""
NOT_INTERNAL = N_("not sent, because everybody who reads the ticket would have it.")
ONLY_POINTED = N_(
    "Only the number and the address of this conversation were sent: everybody who reads the "
    "ticket would read its words."
)


def deliver_addition(store: Store, ticketing: Ticketing, claim: Claim, public_url: str) -> None:
    """Adds a text and files to a ticket that is there, unless they came through before."""
    with store.read() as work:
        incident = work.session.get_one(Incident, claim.incident_id)
        chat = work.session.get_one(Chat, claim.payload["chatId"])
        files = files_of(work, claim.payload["files"])
    ticket = ticket_of(incident)
    assert ticket, "an addition is claimed when its ticket is there"
    require_ours(ticketing, ticket, incident.reference)
    if name_and_text := claim.payload["transcript"]:
        files.append(File(name_and_text[0], TEXT, name_and_text[1].encode()))
    text, withheld = claim.payload["text"], ""
    if claim.payload["internal"]:
        text, files, withheld = _for_engineers(ticketing, text, files)
        text = text or f"{public_url.rstrip('/')}/chats/{chat.number}"
    refused = "; ".join(_add(store, ticketing, claim, ticket, text, files))
    with store.work() as work:
        if not outbox.finish(work, claim):
            return
        if withheld:
            tell_of_addition(work, claim, withheld, Step.WITHHELD)
        if refused:
            tell_of_addition(work, claim, refused)


def _for_engineers(
    ticketing: Ticketing, text: str, files: list[File]
) -> tuple[str, list[File], str]:
    """What only engineers may read, as far as the system can keep it so; and what was held back."""
    say = translator(DEFAULT)
    if not ticketing.has_notes:
        return "", [], say(ONLY_POINTED)
    if ticketing.has_internal_files or not files:
        return text, files, ""
    names = ", ".join(file.name for file in files)
    return text, [], f"{names}: {say(NOT_INTERNAL)}"


def _add(
    store: Store,
    ticketing: Ticketing,
    claim: Claim,
    ticket: Ticket,
    text: str,
    files: Sequence[File],
) -> list[str]:
    """The text with its files, which is one mail; refusals of files, when there were any."""
    internal = claim.payload["internal"] and ticketing.has_notes
    say_once(store, claim, ticketing, ticket, text, files, internal=internal)
    return bring_files(store, claim, ticketing, ticket, files, internal=internal)[1]


def require_ours(ticketing: Ticketing, ticket: Ticket, reference: str) -> None:
    """Raises Missing when the ticket of this number does not carry our reference.

    Behind the same name another system may stand, in which it is a stranger's.
    """
    if ticketing.read(ticket).reference != reference:
        raise Missing(f"{ticket.number} carries another reference than ours")


def say_once(
    store: Store,
    claim: Claim,
    ticketing: Ticketing,
    ticket: Ticket,
    text: str,
    files: Sequence[File],
    *,
    internal: bool,
) -> None:
    """The text, signed with the claim's mark, and the files that can come with it.

    A system that refuses a file may have kept the text: it is read before it is said again.
    """
    say, mark = ticketing.note if internal else ticketing.comment, mark_of(claim)
    kept = ticketing.read(ticket)
    if is_said(kept, mark):
        return
    signed, missing = f"{fitting_text(ticketing.name, text)}\n\n{mark}", missing_of(files, kept)
    require_claim(store, claim)
    try:
        say(ticket, signed, missing)
    except Refused:
        if not missing:
            raise
        if not is_said(ticketing.read(ticket), mark):
            say(ticket, signed)


def mark_of(claim: Claim) -> str:
    """The last line of a text, by which it is known to have come through."""
    return str(claim.payload.get("mark", NOTES_MARK))


def is_said(kept: Record, mark: str) -> bool:
    """Whether a text with this mark is there."""
    return any(mark in said for said in kept.comments)


def bring_files(
    store: Store,
    claim: Claim,
    ticketing: Ticketing,
    ticket: Ticket,
    files: Sequence[File],
    *,
    internal: bool = False,
) -> tuple[Record, list[str]]:
    """What the system has after the files that it lacked were sent, and its refusals of files."""
    kept, refused = ticketing.read(ticket), []
    missing = missing_of(files, kept)
    for file in missing:
        require_claim(store, claim)
        try:
            ticketing.attach(ticket, [file], internal=internal)
        except Refused as refusal:
            refused.append(f"{file.name}: {refusal}")
    return (ticketing.read(ticket) if missing else kept), refused


def missing_of(files: Sequence[File], kept: Record) -> list[File]:
    """The files that the system lacks; no system takes an empty one."""
    return [file for file in files if file.name not in kept.files and file.content]


def require_claim(store: Store, claim: Claim) -> None:
    """Each file may take as long as a lease. Raises Unavailable when somebody else went on."""
    with store.work() as work:
        if not outbox.renew(work, claim):
            raise Unavailable("the lease ran out")


def files_of(work: Work, ids: Sequence[str]) -> list[File]:
    """Attachments under the names by which they leave."""
    kept = [work.session.get_one(Attachment, one) for one in ids]
    return [
        File(sent_name(work.session.get_one(Chat, one.chat_id), one), one.media_type, one.content)
        for one in kept
    ]


def require_ready(ticketing: Ticketing) -> None:
    """Raises Unavailable, with what is wrong, when incidents can not be made and found there."""
    try:
        ticketing.check()
    except (Refused, Missing) as problem:
        raise Unavailable(str(problem)) from problem


def is_gone(ticketing: Ticketing, ticket: Ticket, reference: str) -> bool:
    """Whether a ticket is not there any more: its system says so, and is well itself.

    Not well is also a system that is not set up as it must be: at a wrong address, or without a
    right or a field that was withdrawn, nothing seems to be there, and nothing is gone.
    """
    try:
        if ticketing.read(ticket).reference == reference:
            return False
    except (Missing, Refused):
        pass
    except Unavailable:
        return False
    return is_well(ticketing)


def is_well(ticketing: Ticketing) -> bool:
    """Whether the system itself answers as it must: then what is absent is that one ticket."""
    try:
        ticketing.check()
    except OutsideError:
        return False
    return True
