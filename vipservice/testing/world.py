"""A small world: enough people for every rule about people."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import select

from vipservice.config import Settings
from vipservice.rules.news import News
from vipservice.rules.people import Actor, Role
from vipservice.rules.routing import Capacity, Presence
from vipservice.services.chats import messages, saying
from vipservice.services.chats.telling import Told, read_news
from vipservice.services.people.guessing import Origin
from vipservice.services.people.passwords import hash_password
from vipservice.services.people.sessions import actor_of, begin
from vipservice.services.routing import presence, serving
from vipservice.services.setup import seed_versions
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.migrate import migrate
from vipservice.store.tables import Grant, Membership, Municipality, Person, Team, Topic
from vipservice.store.types import new_id
from vipservice.store.work import Store, to_nobody
from vipservice.testing.clock import ManualClock

PASSWORD = "a long enough password"
HASH = hash_password(PASSWORD)
HOURS = 24 * 365
SYSTEMS = frozenset({"recording", "console", "topdesk", "rt", "roundup", "redmine"})

PEOPLE = {
    "jeroen": (Role.REQUESTER, "Amersfoort"),
    "samira": (Role.REQUESTER, "Amersfoort"),
    "klarinda": (Role.REQUESTER, "Rijssen-Holten"),
    "sanne": (Role.SPECIALIST, None),
    "ilias": (Role.SPECIALIST, None),
    "marieke": (Role.SPECIALIST, None),
    "annet": (Role.MANAGER, None),
    "peter": (Role.OPERATOR, None),
}


@dataclass
class World:
    """Everybody signed in, and shortcuts for what they do."""

    store: Store
    clock: ManualClock
    actors: dict[str, Actor]
    tokens: dict[str, str]
    topic_id: str
    team_id: str
    capacity: Capacity = Capacity(2, 120)
    news: list[News] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.actors[name]
        except KeyError:
            raise AttributeError(name) from None

    def hear(self, news: News) -> None:
        """What was told so far, as everybody who listens gets it."""
        self.news.append(news)
        self.told += read_news(self.store, news.chats)

    def ask(self, who: str = "jeroen", body: str = "Hoe druk ik een uittreksel af?") -> str:
        """A question by somebody; the chat's id."""
        data = messages.NewChat(topic_id=self.topic_id, body=body, client_id=new_id())
        return str(messages.open_chat(self.store, self.actors[who], data).id)

    def pick_up(self, who: str, chat_id: str) -> None:
        """A specialist takes a waiting chat."""
        serving.pick_up(self.store, self.actors[who], chat_id, self.capacity.max_chats)

    def come(self, *names: str) -> None:
        """These specialists take chats from now on."""
        for name in names:
            here = presence.NewPresence(status=Presence.AVAILABLE)
            presence.set_presence(self.store, self.actors[name], here)

    def hand_over(self, giver: str, chat_id: str, taker: str, reason: str = "") -> None:
        """A chat goes to a colleague, who is there."""
        self.come(taker)
        data = serving.HandOver(specialist_id=self.actors[taker].id, reason=reason)
        serving.hand_over(self.store, self.actors[giver], chat_id, data, self.capacity)

    def say(self, who: str, chat_id: str, body: str) -> EntryShape:
        """Something said; the entry."""
        data = messages.NewMessage(body=body, client_id=new_id())
        return saying.send_message(self.store, self.actors[who], chat_id, data, self.capacity)

    def close(self) -> None:
        """Lets the database go."""
        self.store.close()


def open_world(folder: str, at: str, *systems: str) -> World:
    """A world in a new SQLite database in this folder, at this moment (with its offset).

    ``systems``: the names of the ticketing systems that its configuration has.
    """
    clock = ManualClock(at)
    store = Store(f"sqlite:///{folder}/world.db", clock)
    migrate(store.engine)
    world = make_world(store, clock)
    store.systems = frozenset(systems)
    return world


def make_world(store: Store, clock: ManualClock, settings: Settings | None = None) -> World:
    """Fills an empty database."""
    seed_versions(store, settings or Settings())
    topic_id, team_id = fill(store)
    tokens = {name: signed_in(store, name) for name in PEOPLE}
    found = {name: actor_of(store, token) for name, token in tokens.items()}
    actors = {name: actor for name, actor in found.items() if actor}
    world = World(store, clock, actors, tokens, topic_id, team_id)
    store.systems = SYSTEMS
    if store.publish is to_nobody:
        store.publish = world.hear
    return world


def signed_in(store: Store, name: str, hours: int = HOURS) -> str:
    """The token of a fresh session; argon2, which makes a log-in slow, has tests of its own."""
    with store.work() as work:
        person = work.session.exec(select(Person).where(Person.email == address(name))).one()
        return begin(work, person.id, Origin("test"), hours)


def address(name: str) -> str:
    """Somebody's e-mail address."""
    return f"{name}@test.example"


def fill(store: Store) -> tuple[str, str]:
    """Municipalities, a team, a topic, people and grants; the ids of topic and team."""
    with store.work() as work:
        team = Team(name="Burgerzaken")
        towns = {
            name: Municipality(name=name, code=code)
            for name, code in (("Amersfoort", "0307"), ("Rijssen-Holten", "1742"))
        }
        work.session.add_all([team, *towns.values()])
        work.session.flush()
        topic = Topic(name="BRP", team_id=team.id)
        work.session.add(topic)
        for name, (role, town) in PEOPLE.items():
            person = Person(
                email=address(name), name=name.capitalize(), role=role, password_hash=HASH,
                municipality_id=towns[town].id if town else None, can_create_incidents=bool(town),
            )  # fmt: skip
            work.session.add(person)
            work.session.flush()
            if role is Role.REQUESTER:
                work.session.add(Grant(person_id=person.id, starts_on=date(2020, 1, 1)))
            elif role is Role.SPECIALIST:
                work.session.add(Membership(team_id=team.id, person_id=person.id))
        return topic.id, team.id
