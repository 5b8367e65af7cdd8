"""From a chat to the draft of its incident, and to incidents that are alike."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from uuid import NAMESPACE_URL, uuid5

from sqlmodel import select

from vipservice.i18n import DEFAULT, teller, translator
from vipservice.rules.chats import ChatKind, State
from vipservice.rules.entries import Message, Note
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.incidents.draft import Choice, file_label, told_after
from vipservice.rules.incidents.model import DONE, Conversation, IncidentDraft, Line, Translate
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.refusals import N_, NotAllowed, Refusal
from vipservice.rules.sentences import Reader
from vipservice.services.chats.access import access_chat
from vipservice.services.chats.additions import is_followed
from vipservice.services.chats.timeline import (
    NOTHING_AMENDED,
    amendments_of,
    sentence_of,
    shape_entry,
)
from vipservice.services.people.rights import require_may_open
from vipservice.services.shapes.chats import EntryShape
from vipservice.services.shapes.incidents import DraftShape, SimilarShape
from vipservice.store.outgoing import incidents_of, incidents_with_places
from vipservice.store.queries import entries_after
from vipservice.store.search import searchable, similar_incidents, telling_words
from vipservice.store.tables import Chat, Incident, Municipality, Person, Topic
from vipservice.store.work import Store, Work

PART = 250
MOST_ALIKE, LOOKED_AT, ALIKE_ENOUGH = 3, 50, 3


@dataclass(frozen=True)
class Drafter:
    """How drafts are made: beside the server, with the addresses of chats, in a language."""

    make: Callable[[Conversation, str, str, Choice | None], IncidentDraft]
    public_url: str
    language: str = DEFAULT

    @property
    def translate(self) -> Translate:
        """The texts of the draft."""
        return translator(self.language)

    def conversation(self, work: Work, chat: Chat, side: Side, after: int = 0) -> Conversation:
        """A chat as it is now, or what came after an entry, for a draft that a side makes."""
        lines = tuple(_lines_after(work, chat, side, after, teller(self.language)))
        return _conversation(work, chat, self.public_url, lines)

    def draft(
        self, conversation: Conversation, reference: str, choice: Choice | None = None
    ) -> IncidentDraft:
        """The draft of it. Takes its time: never in a transaction."""
        return self.make(conversation, reference, self.language, choice)


def get_draft(
    store: Store, actor: Actor, chat_id: str, drafter: Drafter, choice: Choice | None = None
) -> DraftShape:
    """The pre-filled incident of a chat that this person may escalate."""
    with store.read() as work:
        chat = access_to_escalate(work, actor, chat_id, lock=False)
        conversation = drafter.conversation(work, chat, actor.side)
        reference = reference_of(work, chat)
    found = drafter.draft(conversation, reference, allowed_choice(actor, choice))
    return DraftShape(**asdict(found))


def draft_of(store: Store, number: str, drafter: Drafter) -> DraftShape:
    """The same by the chat's number, for somebody at the machine itself."""
    with store.read() as work:
        chat = work.session.exec(select(Chat).where(Chat.number == number)).one_or_none()
        if chat is None:
            raise Refusal(N_("There is no chat %(number)s."), number=number)
        conversation = drafter.conversation(work, chat, Side.CENTRE)
        reference = reference_of(work, chat)
    return DraftShape(**asdict(drafter.draft(conversation, reference)))


@dataclass(frozen=True)
class Drafted:
    """A draft that was made before the chat was locked, and the last entry that it knows."""

    draft: IncidentDraft
    last_seq: int
    amended: int


def draft_before(
    store: Store, actor: Actor, chat_id: str, drafter: Drafter, choice: Choice
) -> Drafted:
    """What must be worked out before the lock: nobody waits for reading."""
    with store.read() as work:
        chat = access_to_escalate(work, actor, chat_id, lock=False)
        conversation = drafter.conversation(work, chat, actor.side)
        last_seq, amended = chat.last_seq, chat.amended
    return Drafted(drafter.draft(conversation, "", choice), last_seq, amended)


def brought_up_to_date(
    work: Work, chat: Chat, before: Drafted, drafter: Drafter, choice: Choice
) -> IncidentDraft:
    """The draft of a locked chat: also what was said in between is in its transcript.

    Raises Refusal when words of before were changed in between.
    """
    if chat.amended != before.amended:
        raise Refusal(N_("Somebody just changed words in this conversation. Look at it again."))
    later = drafter.conversation(work, chat, Side.CENTRE, before.last_seq)
    told = told_after(later, drafter.translate, choice)
    return replace(
        before.draft, reference=reference_of(work, chat), transcript=before.draft.transcript + told
    )


def list_similar(
    store: Store, actor: Actor, chat_id: str, words: str, drafter: Drafter
) -> list[SimilarShape]:
    """Incidents that are not done and share words with this, the most alike first.

    Without ``words`` those of the chat's own draft count. Only specialists see them: they hold
    the words of other municipalities.
    """
    actor.require(Right.ANSWER)
    if not words:
        ours = draft_before(store, actor, chat_id, drafter, Choice()).draft
        words = "\n".join([ours.title, *(one.text for one in ours.found)])
    with store.read() as work:
        chat = access_to_escalate(work, actor, chat_id, lock=False)
        own = {incident.id for incident in incidents_of(work.session, chat.id)}
        found = [one for one in similar_incidents(work.session, words, LOOKED_AT) if one not in own]
        rows, wanted = incidents_with_places(work.session, found), telling_words(words)
        going = [rows[one] for one in found if _may_be_the_same(work, rows[one][0], wanted)]
        return [_similar(*row) for row in going[:MOST_ALIKE]]


def access_to_escalate(work: Work, actor: Actor, chat_id: str, *, lock: bool) -> Chat:
    """Who has the chat, any specialist while it waits, and the requester of a problem.

    The requester only as long as they may create incidents.
    """
    chat = access_chat(work, actor, chat_id, lock=lock)
    waiting = chat.state is State.WAITING
    official = waiting and chat.kind is ChatKind.PROBLEM and chat.requester_id == actor.id
    specialist = actor.may(Right.ANSWER) and (waiting or chat.assignee_id == actor.id)
    if not (official or specialist):
        raise NotAllowed(N_("Only the specialist who has this chat makes an incident of it."))
    if official:
        require_may_open(work, actor, chat.topic_id)
    return chat


def allowed_choice(actor: Actor, choice: Choice | None) -> Choice:
    """The choice of a specialist; a requester knows of no internal notes."""
    picked = choice or Choice()
    return picked if actor.side is Side.CENTRE else Choice(picked.entries)


def reference_of(work: Work, chat: Chat) -> str:
    """Under which reference the next incident of a chat is made."""
    before = len(incidents_of(work.session, chat.id))
    return f"vip-{uuid5(NAMESPACE_URL, f'{chat.id}/{before + 1}')}"


def _may_be_the_same(work: Work, incident: Incident, wanted: set[str]) -> bool:
    """Whether it goes on and shares enough words: a code or a number says as much as two."""
    if incident.progress in DONE or not is_followed(work, incident):
        return False
    shared = wanted & telling_words(searchable(incident.draft))
    weight = sum(2 if any(map(str.isdigit, word)) else 1 for word in shared)
    return weight >= ALIKE_ENOUGH


def _similar(incident: Incident, municipality: str, topic: str, added: int) -> SimilarShape:
    return SimilarShape(
        id=incident.id,
        number=incident.number,
        title=incident.draft["title"],
        municipality=municipality,
        topic=topic,
        progress=incident.progress,
        chats=1 + added,
        created_at=incident.created_at,
    )


def _conversation(work: Work, chat: Chat, public_url: str, lines: tuple[Line, ...]) -> Conversation:
    person = work.session.get_one(Person, chat.requester_id)
    municipality = work.session.get_one(Municipality, chat.municipality_id)
    return Conversation(
        number=chat.number,
        title=chat.title,
        topic=work.session.get_one(Topic, chat.topic_id).name,
        municipality=municipality.name,
        requester=person.name,
        email=person.email,
        phone=person.phone,
        url=f"{public_url.rstrip('/')}/chats/{chat.number}",
        lines=lines,
        customer_reference=chat.customer_reference,
        facts=tuple(municipality.facts.splitlines()),
    )


def _lines_after(work: Work, chat: Chat, side: Side, after: int, say: Translate) -> Iterator[Line]:
    """What came after an entry, in parts: the others have a turn between two of them."""
    amended = amendments_of(work, [chat]).get(chat.id, NOTHING_AMENDED)
    while True:
        rows = entries_after(work.session, chat.id, after, Side.CENTRE, PART)
        shapes = [shape_entry(row[0], row[1], row[2], amended) for row in rows]
        lines = (_line(one, side, say) for one in shapes)
        yield from (line for line in lines if line.body or line.file)
        if len(rows) < PART:
            return
        after = rows[-1][0].seq
        time.sleep(0)


def _words(shape: EntryShape, say: Translate) -> str:
    """What was said, or what happened, as the page tells the centre."""
    if isinstance(shape.data, Message | Note):
        return "" if shape.data.file else shape.body
    return sentence_of(shape, Reader.CENTRE, say)


def _line(shape: EntryShape, maker: Side, say: Translate) -> Line:
    file = shape.data.file if isinstance(shape.data, Message | Note) else None
    return Line(
        seq=shape.public_seq or shape.seq,
        at=shape.at.astimezone(NETHERLANDS),
        kind=shape.kind,
        visibility=shape.visibility,
        side=shape.author.side if shape.author else Side.CENTRE,
        author=shape.author.name if shape.author else "",
        body=_words(shape, say),
        file=file.name if file else "",
        label=file_label(shape.seq, shape.public_seq),
        pick=shape.seq if maker is Side.CENTRE else shape.public_seq or 0,
    )
