"""Odd text gets a sentence, never a 500, and what was typed stands in no log."""

import logging
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests.support.client import Client
from tests.support.recording import escalate, picked_up
from vipservice.adapters.mail import as_message
from vipservice.config import ConfigurationError, load
from vipservice.rules.notices import Letter
from vipservice.services.people.organisation import MunicipalityInput, list_parts, save
from vipservice.store.tables import Municipality, Person
from vipservice.store.types import new_id
from vipservice.testing.queues import drain, drain_mail
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World

SECRET = "geheim-wachtwoord-1234"
ODD = ["\x00", "a\x00b", "\ud800", "x\r\nBcc: a@b.nl", "\u202e\u200b", "\u3164" * 5, "é" * 300]
ON_PAPER = [odd for odd in ODD if odd != "\ud800"]
"""Half a character can only come in as JSON."""
HUGE = [2**31, 2**53, 2**63, 2**64, -1, -(2**63), 10**400]


def client(web: Flask, world: World, who: str) -> Client:
    return Client(web, world.tokens[who])


@pytest.mark.parametrize("odd", ON_PAPER)
def test_odd_text_in_any_field_of_a_form_is_no_mistake_of_ours(
    web: Flask, world: World, odd: str
) -> None:
    peter = client(web, world, "peter")
    sent = {"email": "nieuw@test.example", "name": odd, "role": "specialist", "phone": odd,
            "team_ids": [odd, world.team_id + odd], "password": odd * 20}  # fmt: skip
    for path, form in (
        ("/settings/people/new", sent),
        ("/settings/municipalities/new", {"name": odd, "code": odd, "facts": odd}),
        ("/settings/topics/new", {"name": odd, "team_id": odd}),
        (f"/settings/people/{world.jeroen.id}/grants", {"topic_id": odd, "starts_on": odd}),
        ("/settings/hours", {"reason": odd, "monday": odd, "open_on": [odd], "action": "preview"}),
        ("/settings/targets", {"reason": odd, "pickup_minutes": odd, "action": "preview"}),
        ("/login", {"email": odd, "password": odd}),
        ("/language", {"language": odd, "next": odd}),
    ):
        answer = peter.post(path, form=form)
        assert answer.status_code < 500, (path, answer.text[:200])
    for path, name in (("/settings/hours", "team"), ("/login", "next"), ("/login", "email")):
        assert peter.http.get(path, query_string={name: odd}).status_code < 500


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_in_any_field_of_the_api_is_no_mistake_of_ours(
    web: Flask, world: World, odd: str
) -> None:
    sanne, jeroen = client(web, world, "sanne"), client(web, world, "jeroen")
    chat_id = picked_up(world, "Hoe kan dat?")
    chat = f"/api/v1/chats/{chat_id}"
    key = new_id()
    for caller, path, body in (
        (jeroen, "/api/v1/chats", {"topicId": odd, "body": odd, "clientId": odd, "title": odd}),
        (jeroen, "/api/v1/chats", {"topicId": world.topic_id, "body": odd, "clientId": key}),
        (sanne, f"{chat}/messages", {"body": odd, "clientId": key}),
        (sanne, f"{chat}/notes", {"body": odd, "clientId": new_id()}),
        (sanne, f"{chat}/moves", {"move": odd}),
        (sanne, f"{chat}/moves", {"move": "hand_over", "teamId": odd, "reason": odd}),
        (sanne, f"/api/v1/incidents/{new_id()}/chats", {"chatId": odd, "text": odd}),
    ):
        answer = caller.post(path, json=body)
        assert answer.status_code < 500, (path, answer.text[:200])
    assert sanne.put(f"{chat}/customer-reference", {"number": odd}).status_code < 500
    for name in ("q", "municipalityId", "assigneeId", "after", "state") if odd in ON_PAPER else ():
        found = sanne.http.get("/api/v1/chats", query_string={name: odd})
        assert found.status_code < 500


@pytest.mark.parametrize("number", HUGE)
def test_a_number_beyond_any_timeline_is_refused(web: Flask, world: World, number: int) -> None:
    sanne = client(web, world, "sanne")
    chat = f"/api/v1/chats/{picked_up(world, 'Fout UIT-5031 bij afdrukken.')}"
    draft = sanne.get(f"{chat}/incident-draft").json
    fields = ("title", "description", "category", "impact", "urgency", "phone")
    body = {name: draft[name] for name in fields}
    for name in ("entries", "notes"):
        answer = sanne.post(f"{chat}/incidents", json=body | {name: [number]})
        assert answer.status_code == 400, (name, answer.text[:200])
        assert sanne.get(f"{chat}/incident-draft?{name}={number}").status_code == 400
    assert sanne.get(f"{chat}/entries?after={number}").status_code == 400


def test_a_line_break_in_a_name_stops_no_mail_and_adds_none(world: World) -> None:
    data = MunicipalityInput(name="Súd\u00adwest\r\nBcc: a@b.nl", code="9999")
    save(world.store, world.peter, Municipality, None, data)
    names = [row.name for row in list_parts(world.store, Municipality)]
    assert "Súdwest Bcc: a@b.nl" in names
    letter = Letter(("a@test.example",), "Te laat: oude\r\nBcc: x@y.nl", "tekst")
    message = as_message(letter, "key", "sender@test.example")
    assert message["Subject"] == "Te laat: oude Bcc: x@y.nl"
    assert message["Bcc"] is None


def test_names_that_came_before_are_cleaned_where_they_leave(world: World) -> None:
    """What an earlier version stored still goes out as one line."""
    from tests.faults.test_flags import Recorder, late
    from vipservice.services.flags import flag_due

    with world.store.work() as work:
        town = work.session.exec(select(Municipality).where(Municipality.code == "0307")).one()
        town.name = "Amers\r\nfoort"
    late(world)
    flag_due(world.store, world.capacity)
    mail = Recorder()
    assert drain_mail(world, mail) == 2
    for key, letter in mail.sent:
        assert "\n" not in str(as_message(letter, key, "s@test.example")["Subject"])


def test_a_title_for_a_ticket_is_one_line_of_what_can_be_seen(world: World) -> None:
    system = Recording()
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken.")
    escalate(world, "sanne", chat_id, title="Fout\r\nUIT\u202e-5031\u200b")
    drain(world, system, 2)
    assert [draft.title for draft in system.tickets.values()] == ["Fout UIT-5031"]


def test_a_text_of_nothing_visible_is_refused(web: Flask, world: World) -> None:
    sanne = client(web, world, "sanne")
    chat = f"/api/v1/chats/{picked_up(world, 'Hoe kan dat?')}"
    for body in ("\u200b\u2060", "\u3164", " \n\t", "\u202e"):
        answer = sanne.post(f"{chat}/messages", json={"body": body, "clientId": new_id()})
        assert answer.status_code == 400
    code = "    if x:\n        y()"
    said = sanne.post(f"{chat}/messages", json={"body": code, "clientId": new_id()})
    assert said.json["body"] == code


# Logs


def test_no_log_holds_what_people_wrote_or_typed(
    web: Flask, world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vipservice.services.chats import saying

    sanne = client(web, world, "sanne")
    chat_id = picked_up(world, "Hoe kan dat?")

    def broken(*_: Any, **__: Any) -> Any:
        with world.store.work() as work:
            statement = text("UPDATE entry SET kind = NULL, body = :body WHERE chat_id = :id")
            work.session.execute(statement, {"body": SECRET, "id": chat_id})

    monkeypatch.setattr(saying, "send_message", broken)
    with caplog.at_level(logging.DEBUG):
        body = {"body": SECRET, "clientId": new_id()}
        answer = sanne.post(f"/api/v1/chats/{chat_id}/messages", json=body)
    assert answer.status_code == 500
    assert "IntegrityError" in caplog.text
    assert SECRET not in caplog.text + answer.text


def test_what_the_database_refuses_is_not_quoted(world: World) -> None:
    with pytest.raises(IntegrityError) as failed, world.store.work() as work:
        work.session.add(Person(email=SECRET, name=None, role="operator"))  # type: ignore[arg-type]
    assert SECRET not in str(failed.value) + repr(failed.value) + str(failed.value.orig)


def test_what_does_not_hold_is_not_quoted(tmp_path: Any) -> None:
    from pydantic import ValidationError

    from vipservice.rules.shape import Named
    from vipservice.services.people.accounts import PersonInput

    for model, given in (
        (PersonInput, {"password": SECRET, "email": SECRET}),
        (Named, {"id": [SECRET]}),
    ):
        with pytest.raises(ValidationError) as failed:
            model.model_validate(given)
        assert SECRET not in str(failed.value)
    file = tmp_path / "config.toml"
    file.write_text(f'[security]\nsecret_key = ["{SECRET}"]\n[mail]\nport = "{SECRET}"\n')
    with pytest.raises(ConfigurationError) as refused:
        load(file)
    assert SECRET not in str(refused.value)


# Whose answer, whose page


def test_a_remembered_answer_is_not_for_who_moved(web: Flask, world: World) -> None:
    jeroen = client(web, world, "jeroen")
    chat_id = picked_up(world, "Hoe kan dat?")
    headers = {"X-CSRF-Token": jeroen.csrf, "Idempotency-Key": "key-1"}
    path = f"/api/v1/chats/{chat_id}/messages"
    body = {"body": "Geheim van Amersfoort", "clientId": "client-id-1"}
    first = jeroen.http.post(path, json=body, headers=headers)
    assert jeroen.http.post(path, json=body, headers=headers).json == first.json
    with world.store.work() as work:
        town = work.session.exec(select(Municipality).where(Municipality.code == "1742")).one()
        work.session.get_one(Person, world.jeroen.id).municipality_id = town.id
    again = jeroen.http.post(path, json=body, headers=headers)
    assert again.status_code == 404
    assert "Geheim" not in again.text


def test_a_remembered_opening_is_not_for_who_moved(web: Flask, world: World) -> None:
    jeroen = client(web, world, "jeroen")
    headers = {"X-CSRF-Token": jeroen.csrf, "Idempotency-Key": "key-2"}
    body = {"topicId": world.topic_id, "body": "Geheim van Amersfoort", "clientId": "client-id-2"}
    assert jeroen.http.post("/api/v1/chats", json=body, headers=headers).status_code == 201
    with world.store.work() as work:
        town = work.session.exec(select(Municipality).where(Municipality.code == "1742")).one()
        work.session.get_one(Person, world.jeroen.id).municipality_id = town.id
    assert jeroen.http.post("/api/v1/chats", json=body, headers=headers).status_code == 404


def test_a_page_of_one_person_does_nothing_for_another(web: Flask, world: World) -> None:
    klarinda = client(web, world, "klarinda")
    body = {"topicId": world.topic_id, "body": "Van Jeroen", "clientId": "client-id-3"}
    headers = {"X-CSRF-Token": klarinda.csrf, "X-Person": world.jeroen.id}
    answer = klarinda.http.post("/api/v1/chats", json=body, headers=headers)
    assert answer.status_code == 401
    assert "iemand anders" in answer.text
    headers["X-Person"] = world.klarinda.id
    assert klarinda.http.post("/api/v1/chats", json=body, headers=headers).status_code == 201


def test_operators_do_not_read_incidents(web: Flask, world: World) -> None:
    assert client(web, world, "peter").get("/console-incidents").status_code == 403
    assert client(web, world, "sanne").get("/console-incidents").status_code == 200


def test_a_form_of_one_person_is_not_sent_for_another(web: Flask, world: World) -> None:
    """Somebody else signs in in the same browser while a form of the first one is still open."""
    from vipservice.testing.world import PASSWORD, address

    browser = Client(web)
    for who in ("peter", "peter"):
        browser.csrf = browser._csrf() or browser.csrf
        browser.post("/login", form={"email": address(who), "password": PASSWORD})
    of_peter = _token_of(browser, "/account")
    browser.csrf = of_peter
    browser.post("/logout")
    browser.csrf = browser._csrf()
    browser.post("/login", form={"email": address("jeroen"), "password": PASSWORD})
    browser.csrf = of_peter
    refused = browser.post("/account", form={"language": "en"})
    assert refused.status_code == 403
    browser.csrf = _token_of(browser, "/account")
    assert browser.post("/account", form={"language": "en"}).status_code == 302


def _token_of(browser: Client, page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(page).text)
    assert found
    return found[1]
