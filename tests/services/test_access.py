"""Who may see and touch which chat, and the end of rights: what mutations of the code got past."""

from datetime import date

import pytest
from sqlmodel import select

from tests.support.recording import escalated
from vipservice.rules.news import RightsEnded
from vipservice.rules.refusals import NotAllowed, NotFound
from vipservice.services.chats import access
from vipservice.services.chats.locking import lock_chat
from vipservice.services.chats.references import CustomerReference, set_reference
from vipservice.services.people.rights import (
    EndsSeen,
    end_rights,
    require_may_open,
    rights_ended_since,
)
from vipservice.services.routing import serving
from vipservice.store.tables import (
    AddedChat,
    Chat,
    Grant,
    Incident,
    LoginSession,
    RightsChange,
    Topic,
)
from vipservice.store.work import Work
from vipservice.testing.world import World

TODAY = date(2026, 4, 28)
TO_CHANGE = (access.access_own_chat, access.access_handled_chat, access.access_centre_chat)


@pytest.mark.parametrize("hand_out", TO_CHANGE)
def test_a_chat_to_change_is_handed_out_locked(
    world: World, monkeypatch: pytest.MonkeyPatch, hand_out: object
) -> None:
    chat_id, locked = world.ask(), list[str]()
    serving.pick_up(world.store, world.sanne, chat_id, 2)

    def lock(work: Work, id_: str) -> Chat | None:
        locked.append(id_)
        return lock_chat(work, id_)

    monkeypatch.setattr(access, "lock_chat", lock)
    who = world.jeroen if hand_out is access.access_own_chat else world.sanne
    with world.store.work() as work:
        assert hand_out(work, who, chat_id).id == chat_id  # type: ignore[operator]
    assert locked == [chat_id]


def test_a_specialist_is_told_who_has_the_chat_to_be_taken_over(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    for who in (world.ilias, world.annet):
        with world.store.work() as work, pytest.raises(NotAllowed, match="somebody else"):
            access.access_handled_chat(work, who, chat_id)


def test_the_number_of_a_chat_leads_to_it_and_only_for_who_may_read_it(world: World) -> None:
    chats = {who: world.ask(who) for who in ("jeroen", "klarinda")}
    numbers = {who: access.get_chat(world.store, world.sanne, chats[who]).number for who in chats}
    for who, number in numbers.items():
        assert access.chat_by_number(world.store, world.sanne, number) == chats[who]
    assert access.chat_by_number(world.store, world.samira, numbers["jeroen"]) == chats["jeroen"]
    for who, other in (("jeroen", "klarinda"), ("klarinda", "jeroen"), ("peter", "jeroen")):
        with pytest.raises(NotFound):
            access.chat_by_number(world.store, world.actors[who], numbers[other])


def test_who_asks_is_told_with_their_grants_and_nothing_else(world: World) -> None:
    found = access.get_requester(world.store, world.sanne, world.ask()).public()
    assert set(found) == {"id", "name", "email", "phone", "municipality", "grants"}
    assert (found["id"], found["municipality"]) == (world.jeroen.id, "Amersfoort")
    assert found["email"] == "jeroen@test.example"
    grants = found["grants"]
    assert isinstance(grants, list)
    assert len(grants) == 1


def test_words_are_looked_for_in_title_and_in_every_number(world: World) -> None:
    incident = escalated(world, body="Fout UIT-5031 bij afdrukken.")
    made = access.get_chat(world.store, world.sanne, incident["chatId"])
    added, other = (
        world.ask("klarinda", "Bij ons ook."),
        world.ask("samira", "Hoe laat is het loket?"),
    )
    with world.store.work() as work:
        work.session.get_one(Incident, incident["id"]).number = "TCK-77"
        work.session.add(
            AddedChat(incident_id=incident["id"], chat_id=added, added_by=world.sanne.id,
                      added_at=work.now)
        )  # fmt: skip
    set_reference(world.store, world.samira, other, CustomerReference(number="M-4"))
    found = {
        words: {chat.id for chat in access.list_chats(world.store, world.sanne, words=words)}
        for words in ("loket", "uit-5031", made.number, "m-4", "tck-77", "zonder treffer")
    }
    assert found == {
        "loket": {other}, "uit-5031": {made.id}, made.number: {made.id}, "m-4": {other},
        "tck-77": {made.id, added}, "zonder treffer": set(),
    }  # fmt: skip
    assert access.list_chats(world.store, world.samira, words="loket")[0].id == other
    assert access.list_chats(world.store, world.jeroen, words="Bij ons ook") == []


def test_one_session_ends_alone_and_is_told_as_that_one(world: World) -> None:
    mine = world.jeroen.session_id
    seen = rights_ended_since(world.store, EndsSeen())[1]
    with world.store.work() as work:
        end_rights(work, world.jeroen.id, "over", mine)
    assert world.news[-1].signals == [RightsEnded(world.jeroen.id, mine, "over")]
    with world.store.read() as work:
        ended = work.session.exec(select(LoginSession).where(LoginSession.ended_at != None)).all()  # noqa: E711
        assert [one.id for one in ended] == [mine]
        (row,) = work.session.exec(select(RightsChange)).all()
        assert (row.person_id, row.session_id, row.reason) == (world.jeroen.id, mine, "over")
    (told,), _ = rights_ended_since(world.store, seen)
    assert (told.person_id, told.session_id) == (world.jeroen.id, mine)


def test_a_session_that_ended_keeps_its_moment(world: World) -> None:
    ended = []
    for _ in range(2):
        with world.store.work() as work:
            end_rights(work, world.jeroen.id, "over")
        with world.store.read() as work:
            ended.append(work.session.get_one(LoginSession, world.jeroen.session_id).ended_at)
        world.clock.forward(minutes=5)
    assert ended[0] == ended[1]


def test_a_grant_is_for_its_topic_and_its_days_there(world: World) -> None:
    """At 23.30 UTC it is the next day in the Netherlands."""
    with world.store.work() as work:
        other = Topic(name="Verkiezingen", team_id=world.team_id)
        work.session.add(other)
        work.session.flush()
        other_id = other.id
        for grant in work.session.exec(select(Grant).where(Grant.person_id == world.jeroen.id)):
            grant.topic_id, grant.starts_on, grant.ends_on = other.id, TODAY, TODAY
    world.clock.set("2026-04-28T00:30+02:00")
    with world.store.read() as work:
        require_may_open(work, world.jeroen, other_id)
        with pytest.raises(NotAllowed, match="^You are not authorised for this topic.$"):
            require_may_open(work, world.jeroen, world.topic_id)


def test_reading_takes_no_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chat_id = world.ask()
    monkeypatch.setattr(access, "lock_chat", None)
    assert access.get_chat(world.store, world.jeroen, chat_id).id == chat_id


def test_a_colleague_follows_and_does_not_act(world: World) -> None:
    chat_id = world.ask()
    words = "^Only the person who opened this chat may do this.$"
    with world.store.work() as work, pytest.raises(NotAllowed, match=words):
        access.access_own_chat(work, world.samira, chat_id)
