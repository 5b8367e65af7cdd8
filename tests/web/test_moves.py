"""Operations as resources: moves, incidents and what a GET gives that comes back as it was."""

from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tests.support.client import Client
from tests.support.recording import escalated, picked_up
from vipservice.store.tables import Outbox
from vipservice.store.types import new_id
from vipservice.testing.world import World


def client(web: Flask, world: World, who: str) -> Client:
    return Client(web, world.tokens[who])


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({}, "move", "Vul dit in."),
        ({"move": "fly"}, "move", "Kies een van deze: 'pick_up', 'park', "),
        ({"move": 3}, "move", "Kies een van deze: 'pick_up', 'park', "),
        ({"move": "park", "why": "x"}, "why", "Dit veld kennen wij niet."),
        ({"move": "hand_over"}, "", "Kies een team of een specialist."),
        ({"move": "hand_over", "teamId": "a", "reason": "x" * 501}, "reason", "Dit is te lang"),
    ],
)
def test_a_move_that_is_none_gets_a_sentence_at_its_field(
    web: Flask, world: World, body: Any, field: str, says: str
) -> None:
    answer = client(web, world, "sanne").post(f"/api/v1/chats/{world.ask()}/moves", json=body)
    (error,) = answer.json["errors"]
    assert (answer.status_code, error["field"]) == (400, field)
    assert error["detail"].startswith(says)


def test_the_moves_of_a_chat_are_told_to_both_sides(web: Flask, world: World) -> None:
    chat_id = world.ask()
    path = f"/api/v1/chats/{chat_id}/moves"
    sanne, jeroen = client(web, world, "sanne"), client(web, world, "jeroen")
    assert sanne.post(path, json={"move": "pick_up"}).json["state"] == "active"
    sanne.post(f"/api/v1/chats/{chat_id}/notes", json={"body": "Let op", "clientId": new_id()})
    assert sanne.post(path, json={"move": "park"}).json["state"] == "parked"
    told = [
        [(one["data"]["move"], one["seq"]) for one in who.get(path).json["items"]]
        for who in (sanne, jeroen)
    ]
    assert told == [[("pick_up", 3), ("park", 5)], [("pick_up", 3), ("park", 4)]]
    later = [who.get(f"{path}?after=3").json["items"] for who in (sanne, jeroen)]
    assert [[one["seq"] for one in items] for items in later] == [[5], [4]]


def test_a_draft_can_be_sent_back_as_it_came(web: Flask, world: World) -> None:
    sanne = client(web, world, "sanne")
    chat = f"/api/v1/chats/{picked_up(world, 'Fout UIT-5031 bij afdrukken.')}"
    draft = sanne.get(f"{chat}/incident-draft").json
    made = sanne.post(f"{chat}/incidents", json=draft)
    assert (made.status_code, made.json["title"]) == (201, draft["title"])
    refused = sanne.post(f"{chat}/incidents", json=draft | {"colour": "red"})
    assert [error["field"] for error in refused.json["errors"]] == ["colour"]


def test_a_chat_is_added_to_an_incident_with_its_own_draft(web: Flask, world: World) -> None:
    incident = escalated(world)
    body = "Bij ons ook: fout UIT-5031 bij afdrukken."
    chat_id = picked_up(world, body)
    answer = client(web, world, "sanne").post(
        f"/api/v1/incidents/{incident['id']}/chats", json={"chatId": chat_id}
    )
    assert (answer.status_code, answer.json["chatId"], answer.json["added"]) == (201, chat_id, True)
    with world.store.read() as work:
        row = work.session.exec(select(Outbox).where(Outbox.channel == "addition")).one()
    assert body in row.payload["text"]


def test_blanks_are_no_words_for_the_engineers(web: Flask, world: World) -> None:
    incident, chat_id = escalated(world), picked_up(world, "Hier ook.")
    path = f"/api/v1/incidents/{incident['id']}/chats"
    answer = client(web, world, "sanne").post(path, json={"chatId": chat_id, "text": "  \n "})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "text")
    told = client(web, world, "sanne").post(path, json={"chatId": chat_id, "text": "a\nb"})
    assert told.status_code == 201
    with world.store.read() as work:
        row = work.session.exec(select(Outbox).where(Outbox.channel == "addition")).one()
    assert row.payload["text"] == "a\nb"
