"""The HTTP edge: log-in, forms, headers, sentences."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.support.client import Client
from vipservice.services.flags import flag_due
from vipservice.services.people import accounts, sessions
from vipservice.services.people.guessing import Origin
from vipservice.services.reports.board import board
from vipservice.services.reports.folding import fold_all
from vipservice.services.routing import serving
from vipservice.store.tables import Grant
from vipservice.testing.world import PASSWORD, World, address


def client(web: Flask, world: World, who: str) -> Client:
    return Client(web, world.tokens[who])


def sign_in(web: Flask, email: str, password: str) -> Any:
    return Client(web).post("/login", form={"email": email, "password": password})


def test_the_right_password_leads_to_ones_own_page(web: Flask, world: World) -> None:
    answer = sign_in(web, "JEROEN@test.example ", PASSWORD)
    assert answer.status_code == 302
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "vipservice_session" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("email", [address("jeroen"), "nobody@test.example", "no address", ""])
def test_a_wrong_log_in_does_not_tell_which_accounts_exist(
    web: Flask, world: World, email: str
) -> None:
    page = sign_in(web, email, "wrong").text.replace(email, "")
    other = sign_in(web, "other@test.example", "wrong").text.replace("other@test.example", "")
    scrub = re.compile(r'(csrf[-_]token" (?:content|value)=|server-now" content=)"[^"]*"')
    assert scrub.sub("", page).replace('value=""', "") == scrub.sub("", other).replace(
        'value=""', ""
    )
    assert "klopt niet" in page


def test_guessing_is_slowed_down_per_account_and_forgotten_later(web: Flask, world: World) -> None:
    statuses = [sign_in(web, address("jeroen"), "wrong").status_code for _ in range(7)]
    assert statuses == [400] * 5 + [429] * 2
    assert sign_in(web, address("jeroen"), PASSWORD).status_code == 429
    assert sign_in(web, address("samira"), PASSWORD).status_code == 302
    world.clock.forward(seconds=2)
    assert sign_in(web, address("jeroen"), PASSWORD).status_code == 302


def test_the_page_says_when_to_try_again(web: Flask) -> None:
    answers = [sign_in(web, address("jeroen"), "wrong") for _ in range(7)]
    assert answers[-1].headers["Retry-After"] == "2"
    assert answers[-1].headers["Content-Type"].startswith("text/html")


def test_a_disabled_account_answers_as_a_wrong_password(web: Flask, world: World) -> None:
    accounts.disable_person(world.store, world.peter, world.samira.id)
    assert sign_in(web, address("samira"), PASSWORD).status_code == 400
    assert client(web, world, "samira").get("/chats").location.startswith("/login")


def test_logging_out_ends_the_session_itself(web: Flask, world: World) -> None:
    browser = client(web, world, "jeroen")
    assert browser.post("/logout").status_code == 302
    assert sessions.actor_of(world.store, world.tokens["jeroen"]) is None


def test_a_new_password_ends_the_sessions_of_the_old_one(web: Flask, world: World) -> None:
    person = accounts.get_person(world.store, world.jeroen.id)
    known = person.model_dump(include=set(accounts.PersonInput.model_fields))
    data = accounts.PersonInput(**known | {"password": "  another long password "})
    accounts.save_person(world.store, world.peter, person.id, data)
    assert sessions.actor_of(world.store, world.tokens["jeroen"]) is None
    assert sign_in(web, address("jeroen"), "  another long password ").status_code == 302


def test_a_session_ends_after_its_time(web: Flask, world: World) -> None:
    token = sessions.sign_in(world.store, address("jeroen"), PASSWORD, Origin("test"), hours=12)
    world.clock.forward(hours=12)
    assert sessions.actor_of(world.store, token) is None


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "//[", "/%0d%0aX: evil"],
)
def test_the_way_back_after_log_in_stays_on_this_site(
    web: Flask, world: World, target: str
) -> None:
    form = {"email": address("jeroen"), "password": PASSWORD}
    answer = Client(web).http.get("/login")
    assert answer.status_code == 200
    browser = Client(web)
    done = browser.http.post(
        f"/login?next={target}", data=form, headers={"X-CSRF-Token": browser.csrf}
    )
    assert "evil" not in done.location


def test_who_may_not_open_chats_reads_why_and_whom_to_ask(web: Flask, world: World) -> None:
    with world.store.work() as work:
        for grant in work.session.exec(_grants_of(world)).all():
            work.session.delete(grant)
    answer = client(web, world, "jeroen").get("/chats/new")
    assert answer.status_code == 403
    assert "U hebt geen autorisatie voor de chat." in answer.text
    assert "applicatiebeheerder" in answer.text
    question = {"topicId": world.topic_id, "body": "toch", "clientId": "client-id-1"}
    refused = client(web, world, "jeroen").post("/api/v1/chats", json=question)
    assert refused.status_code == 403


def _grants_of(world: World) -> Any:
    from sqlmodel import select

    return select(Grant).where(Grant.person_id == world.jeroen.id)


def test_every_bad_field_is_named_at_once_in_the_readers_language(web: Flask, world: World) -> None:
    browser = client(web, world, "jeroen")
    answer = browser.post("/api/v1/chats", json={"body": "", "clientId": "x", "kind": "anders"})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    fields = {error["field"]: error["detail"] for error in answer.json["errors"]}
    assert set(fields) == {"topicId", "body", "clientId", "kind"}
    assert fields["topicId"] == "Vul dit in."


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"a": 1e999}', b"\xff\xfe"])
def test_what_is_no_json_object_gets_a_sentence(web: Flask, world: World, body: bytes) -> None:
    browser = client(web, world, "jeroen")
    headers = {"X-CSRF-Token": browser.csrf, "Content-Type": "application/json"}
    answer = browser.http.post("/api/v1/chats", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.get_json()["detail"]


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 50_000])
def test_bottomless_json_gets_a_sentence(web: Flask, world: World, body: bytes) -> None:
    browser = client(web, world, "jeroen")
    headers = {"X-CSRF-Token": browser.csrf, "Content-Type": "application/json"}
    assert browser.http.post("/api/v1/chats", data=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("annet", "/api/v1/reports/service-level?from=0001-01-01&until=0001-01-05", 400),
        ("annet", "/api/v1/reports/service-level?until=9999-12-31", 400),
        ("jeroen", "/api/v1/chats/%00", 404),
        ("jeroen", "/chats/VIP%00", 404),
        ("peter", "/settings/people/a%00", 404),
        ("jeroen", "/api/v1/chats?limit=-1", 400),
        ("jeroen", "/api/v1/chats?state=anders", 400),
    ],
)
def test_odd_addresses_get_a_sentence(
    web: Flask, world: World, who: str, path: str, status: int
) -> None:
    assert client(web, world, who).get(path).status_code == status


@pytest.mark.parametrize("odd", ["\x00nul", "\ud800", "x" * 9000, "  ", "\u202e omgekeerd"])
def test_odd_text_is_stored_clean_or_refused_never_a_500(
    web: Flask, world: World, odd: str
) -> None:
    question = {"topicId": world.topic_id, "body": odd, "clientId": "client-id-1"}
    answer = client(web, world, "jeroen").post("/api/v1/chats", json=question)
    assert answer.status_code in (201, 400)


def test_text_is_text_everywhere(web: Flask, world: World) -> None:
    world.ask("jeroen", "</script><script>alert(1)</script> hoe werkt dit?")
    page = client(web, world, "jeroen").get("/chats").text
    assert "<script>alert" not in page


def test_the_headers_of_every_answer(web: Flask, world: World) -> None:
    for path in ("/login", "/api/v1/openapi.json", "/nergens"):
        headers = Client(web).get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "base-uri", "form-action", "frame-ancestors 'none'"):
            assert part in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


def test_the_same_idempotency_key_gives_the_same_answer(web: Flask, world: World) -> None:
    browser = client(web, world, "jeroen")

    def ask(body: str, client_id: str) -> Any:
        question = {"topicId": world.topic_id, "body": body, "clientId": client_id}
        headers = {"X-CSRF-Token": browser.csrf, "Idempotency-Key": "key-1"}
        return browser.http.post("/api/v1/chats", json=question, headers=headers)

    first, again = ask("Een vraag", "client-id-1"), ask("Een vraag", "client-id-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert ask("Iets anders", "client-id-2").status_code == 409
    assert len(browser.get("/api/v1/chats").json["items"]) == 1


def test_paging_by_cursor_gives_every_chat_once(web: Flask, world: World) -> None:
    asked = [world.ask("jeroen", f"vraag nummer {n} over de BRP") for n in range(5)]
    browser, seen, after = client(web, world, "jeroen"), [], ""
    while after is not None:
        page = browser.get(f"/api/v1/chats?limit=2&after={after}").json
        seen += [chat["id"] for chat in page["items"]]
        after = page["next"]
    assert seen == asked[::-1]


def test_the_clocks_of_a_chat_are_derived(web: Flask, world: World) -> None:
    chat_id = world.ask()
    (clock,) = client(web, world, "jeroen").get(f"/api/v1/chats/{chat_id}/clocks").json["items"]
    assert [part["start"][:16] for part in clock["counted"]] == [
        "2026-04-24T14:45",
        "2026-04-28T06:00",
    ]
    assert clock["dueAt"] == "2026-04-28T06:15:00Z"


class TestSettings:
    """The operator's forms."""

    def test_adding_and_changing_and_ending_a_municipality(self, web: Flask, world: World) -> None:
        peter = client(web, world, "peter")
        form = {"name": "Barendrecht", "code": "0489"}
        assert peter.post("/settings/municipalities/new", form=form).status_code == 302
        page = peter.get("/settings/municipalities").text
        id_ = re.findall(r'/settings/municipalities/([^"]+)">Barendrecht', page)[0]
        form["name"] = "Barendrecht-West"
        peter.post(f"/settings/municipalities/{id_}", form=form)
        peter.post(f"/settings/municipalities/{id_}/end")
        page = peter.get("/settings/municipalities").text
        assert "Barendrecht-West" in page
        assert "24 apr 2026" in page

    def test_mistakes_keep_what_was_typed(self, web: Flask, world: World) -> None:
        form = {"name": "Amersfoort", "code": "12"}
        answer = client(web, world, "peter").post("/settings/municipalities/new", form=form)
        assert answer.status_code == 400
        assert 'value="12"' in answer.text
        assert "juiste vorm" in answer.text

    def test_a_taken_name_is_refused(self, web: Flask, world: World) -> None:
        form = {"name": "Amersfoort", "code": "0999"}
        answer = client(web, world, "peter").post("/settings/municipalities/new", form=form)
        assert "Dit is al in gebruik" in answer.text

    def test_a_person_with_a_grant_can_sign_in_and_ask(self, web: Flask, world: World) -> None:
        peter = client(web, world, "peter")
        form = {
            "name": "Wim", "email": "Wim@test.example", "role": "requester", "password": PASSWORD,
            "municipality_id": world.jeroen.municipality_id, "can_create_incidents": "true",
        }  # fmt: skip
        assert peter.post("/settings/people/new", form=form).status_code == 302
        page = peter.get("/settings/people").text
        id_ = re.findall(r'/settings/people/([^"]+)">Wim', page)[0]
        token = sessions.sign_in(world.store, "wim@test.example", PASSWORD, Origin("test"), 1)
        assert Client(web, token).get("/chats/new").status_code == 403
        grants = f"/settings/people/{id_}/grants"
        peter.post(grants, form={"starts_on": "2026-04-24"})
        assert Client(web, token).get("/chats/new").status_code == 200
        grant = accounts.grants_of_person(world.store, id_)[0][0]
        peter.post(f"{grants}/{grant.id}/end")
        assert sessions.actor_of(world.store, token) is None
        again = sessions.sign_in(world.store, "wim@test.example", PASSWORD, Origin("test"), 1)
        assert Client(web, again).get("/chats/new").status_code == 403

    def test_a_grant_that_ends_before_it_starts_is_refused(self, web: Flask, world: World) -> None:
        answer = client(web, world, "peter").post(
            f"/settings/people/{world.jeroen.id}/grants",
            form={"starts_on": "2026-04-24", "ends_on": "2026-04-01"},
        )
        assert "Het einde ligt vóór het begin." in answer.text

    def test_staff_have_no_municipality(self, web: Flask, world: World) -> None:
        form = {
            "name": "X", "email": "x@test.example", "role": "specialist",
            "municipality_id": world.jeroen.municipality_id,
        }  # fmt: skip
        answer = client(web, world, "peter").post("/settings/people/new", form=form)
        assert "Een functioneel beheerder hoort bij een gemeente" in answer.text


def test_the_board_counts_what_the_clocks_say(web: Flask, world: World) -> None:
    in_time, late, waiting = (world.ask() for _ in range(3))
    serving.pick_up(world.store, world.sanne, in_time, 2)
    world.clock.set("2026-04-28T08:10+02:00")
    flag_due(world.store, world.capacity)
    fold_all(world.store, per_specialist=True)
    now = board(world.store, world.capacity, 80)
    assert (now.waiting, now.warned, now.active) == (2, 2, 1)
    world.clock.set("2026-04-28T08:20+02:00")
    serving.pick_up(world.store, world.sanne, late, 2)
    flag_due(world.store, world.capacity)
    fold_all(world.store, per_specialist=True)
    now = board(world.store, world.capacity, 80)
    assert (now.waiting, now.warned, now.late, now.breached_today) == (1, 0, 1, 2)
    assert access_state(world, waiting) == "waiting"
    days = client(web, world, "annet").get(
        "/api/v1/reports/service-level?from=2026-04-24&until=2026-04-24"
    )
    (day,) = days.json["items"]
    assert (day["name"], day["offered"], day["within"]) == ("2026-04-24", 3, 1)
    assert day["percentWithin"] == 33.3


def access_state(world: World, chat_id: str) -> str:
    from vipservice.services.chats import access

    return str(access.get_chat(world.store, world.sanne, chat_id).state)


@pytest.mark.parametrize(("language", "says"), [("nl", "Overdragen"), ("en", "{}")])
def test_the_texts_of_the_scripts_are_kept_by_browsers(
    web: Flask, world: World, language: str, says: str
) -> None:
    browser = client(web, world, "sanne")
    browser.post("/account", form={"language": language})
    page = browser.get("/workbench").text
    (address,) = re.findall(r'<script src="(/texts/[^"]+)"', page)
    answer = Client(web).get(address)
    assert says in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    before = Client(web).get(f"/texts/{language}/before.js")
    assert (before.status_code, before.location) == (302, address)
    unknown = Client(web).get("/texts/xx/0.js")
    assert unknown.status_code == 404
    assert {one.headers["Cache-Control"] for one in (before, unknown)} == {"no-store"}
