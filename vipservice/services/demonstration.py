"""The people of the demonstration, and opening hours that suit any moment of looking."""

import random
from dataclasses import dataclass
from datetime import date

from sqlmodel import select

from vipservice.rules.people import Actor, Role
from vipservice.rules.sla import Calendar
from vipservice.services.people.guessing import Origin
from vipservice.services.people.passwords import hash_password
from vipservice.services.people.sessions import actor_of, begin, sign_out
from vipservice.services.sla.versions import add_calendar
from vipservice.store.tables import Grant, Membership, Municipality, Person, Team, Topic
from vipservice.store.work import Store, Work

PASSWORD = "demo"  # noqa: S105 - everybody may know it; `serve` refuses these accounts
WEEKS = 24 * 60

MUNICIPALITIES = (
    ("Amersfoort", "0307"),
    ("Rijssen-Holten", "1742"),
    ("Goeree-Overflakkee", "1924"),
    ("Barendrecht", "0489"),
    ("Dordrecht", "0505"),
)
TEAMS = {
    "Burgerzaken": ("Verhuizingen", "Burgerlijke stand", "BRP"),
    "Documenten en verkiezingen": ("Reisdocumenten", "Verkiezingen", "Rijbewijzen"),
}
REQUESTERS = (
    ("jeroen@amersfoort.example", "Jeroen de Boer", "0307"),
    ("klarinda@rijssen-holten.example", "Klarinda ter Weele", "1742"),
    ("samira@amersfoort.example", "Samira Haddou", "0307"),
    ("wim@rijssen-holten.example", "Wim Nijland", "1742"),
    ("ellen@goeree-overflakkee.example", "Ellen Tanis", "1924"),
    ("ruben@barendrecht.example", "Ruben Visser", "0489"),
    ("fatma@dordrecht.example", "Fatma Yilmaz", "0505"),
)
STAFF = (
    ("specialist1@kenniscentrum.example", "Sanne Vermeer", Role.SPECIALIST),
    ("specialist2@kenniscentrum.example", "Ilias Benali", Role.SPECIALIST),
    ("specialist3@kenniscentrum.example", "Marieke Post", Role.SPECIALIST),
    ("specialist4@kenniscentrum.example", "Tom Schouten", Role.SPECIALIST),
    ("manager@kenniscentrum.example", "Annet Brouwer", Role.MANAGER),
    ("operator@kenniscentrum.example", "Peter Smit", Role.OPERATOR),
)


@dataclass(frozen=True)
class People:
    """Everybody, signed in, and the topics by name."""

    actors: dict[str, Actor]
    topics: dict[str, str]

    def requester(self, email: str, chance: random.Random) -> Actor:
        """The named requester, or any."""
        return self.actors[email or chance.choice(REQUESTERS)[0]]

    def specialist(self, chance: random.Random) -> Actor:
        """Any specialist."""
        return self.actors[chance.choice(STAFF[:4])[0]]

    def sign_out(self, store: Store) -> None:
        """Ends every session that the building needed."""
        for actor in self.actors.values():
            sign_out(store, actor)


def add_people(store: Store) -> People:
    """Municipalities, teams, topics, people and grants; all signed in."""
    with store.work() as work:
        topics = _add_teams(work)
        codes = _add_municipalities(work)
        hash_ = hash_password(PASSWORD)
        for email, name, code in REQUESTERS:
            _add_requester(work, email, name, codes[code], hash_)
        for email, name, role in STAFF:
            _add_staff(work, email, name, role, hash_)
    emails = [row[0] for row in (*REQUESTERS, *STAFF)]
    return People({email: _signed_in(store, email) for email in emails}, topics)


def always_open(store: Store) -> None:
    """From now on the desk is open day and night, so that a look on Sunday shows something."""
    with store.work() as work:
        calendar = Calendar("Europe/Amsterdam", (((0, 1440),),) * 7, country="")
        add_calendar(work, calendar, work.now)


def _add_teams(work: Work) -> dict[str, str]:
    found = {}
    for name, topics in TEAMS.items():
        team = Team(name=name, email=f"{name.split()[0].lower()}@kenniscentrum.example")
        work.session.add(team)
        work.session.flush()
        for topic in topics:
            row = Topic(name=topic, team_id=team.id)
            work.session.add(row)
            found[topic] = row.id
    work.session.flush()
    return found


def _add_municipalities(work: Work) -> dict[str, str]:
    rows = [Municipality(name=name, code=code) for name, code in MUNICIPALITIES]
    work.session.add_all(rows)
    work.session.flush()
    return {row.code: row.id for row in rows}


def _add_requester(work: Work, email: str, name: str, municipality_id: str, hash_: str) -> None:
    person = Person(
        email=email, name=name, role=Role.REQUESTER, municipality_id=municipality_id,
        can_create_incidents=True, password_hash=hash_, demonstration=True, phone="085 000 00 00",
    )  # fmt: skip
    work.session.add(person)
    work.session.flush()
    work.session.add(Grant(person_id=person.id, starts_on=date(2025, 1, 1)))


def _add_staff(work: Work, email: str, name: str, role: Role, hash_: str) -> None:
    person = Person(email=email, name=name, role=role, password_hash=hash_, demonstration=True)
    work.session.add(person)
    work.session.flush()
    if role is Role.SPECIALIST:
        for team in work.session.exec(select(Team)).all():
            work.session.add(Membership(team_id=team.id, person_id=person.id))


def _signed_in(store: Store, email: str) -> Actor:
    with store.work() as work:
        person = work.session.exec(select(Person).where(Person.email == email)).one()
        token = begin(work, person.id, Origin("demonstration"), WEEKS)
    actor = actor_of(store, token)
    assert actor is not None
    return actor
