"""What is told to people outside the pages: by which way, to whom, in which words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.policy import Promise
from vipservice.rules.refusals import N_

Say = Callable[[str], str]


class Channel(StrEnum):
    """By which way something leaves the service."""

    INCIDENT = "incident"
    ADDITION = "addition"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Level(StrEnum):
    """What a clock has reached. ``MANAGER``: late for so long that the manager is told."""

    WARNING = "warning"
    BREACH = "breach"
    MANAGER = "manager"


@dataclass(frozen=True)
class Letter:
    """A mail: plain text, without a word of what was said in the chat."""

    to: tuple[str, ...]
    subject: str
    body: str


SUBJECTS = {
    (Promise.PICKUP, Level.WARNING): N_("Almost too late: %(number)s, %(municipality)s"),
    (Promise.PICKUP, Level.BREACH): N_("Too late: %(number)s, %(municipality)s"),
    (Promise.PICKUP, Level.MANAGER): N_("Still waiting: %(number)s, %(municipality)s"),
    (Promise.CALLBACK, Level.WARNING): N_("Call back soon: %(number)s, %(municipality)s"),
    (Promise.CALLBACK, Level.BREACH): N_("Not called back in time: %(number)s, %(municipality)s"),
    (Promise.CALLBACK, Level.MANAGER): N_("Still not called back: %(number)s, %(municipality)s"),
}
SENTENCES = {
    Level.WARNING: N_("Nobody has done this yet. It has to be done by %(due)s."),
    Level.BREACH: N_("The promised time, %(due)s, has passed. The administrator has been told."),
    Level.MANAGER: N_("The promised time was %(due)s, and it has still not been done."),
}
ABOUT = N_("%(municipality)s asked a question on %(topic)s, for the team %(team)s.")
HERE = N_("Read it here: %(url)s")
COME = N_("Can you come online?")
COME_BECAUSE = N_("%(name)s asks you to come online: questions are waiting in the queue.")
SOLVED = N_("Solved: incident %(incident)s")
SOLVED_BODY = N_(
    "The engineers say that incident %(incident)s, from your question %(number)s, is solved. "
    "Does it still not work? Then you can reopen the conversation."
)
ALARM = N_("%(count)s messages do not get out")
ALARM_BODY = N_("Since %(since)s incidents or additions have not reached the ticketing system.")
ALARM_WORDS = N_("The last answer was: %(words)s")
AND_HERE = N_("The workbench: %(url)s")


def flag_letter(facts: dict[str, Any], public_url: str, say: Say) -> Letter:
    """What a flag tells a team or the managers."""
    promise, level = Promise(facts["target"]), Level(facts["level"])
    due = datetime.fromisoformat(facts["dueAt"]).astimezone(NETHERLANDS)
    values = facts | {
        "due": f"{due:%d-%m-%Y %H:%M}",
        "url": f"{public_url.rstrip('/')}/chats/{facts['number']}",
    }
    lines = (SENTENCES[level], ABOUT, HERE)
    return Letter(
        to=tuple(facts["to"]),
        subject=say(SUBJECTS[promise, level]) % values,
        body="\n\n".join(say(line) % values for line in lines) + "\n",
    )


def come_letter(facts: dict[str, Any], public_url: str, say: Say) -> Letter:
    """What a colleague who is not online is asked."""
    values = {"name": facts["name"], "url": f"{public_url.rstrip('/')}/workbench"}
    lines = (COME_BECAUSE, AND_HERE)
    body = "\n\n".join(say(line) % values for line in lines) + "\n"
    return Letter(tuple(facts["to"]), say(COME), body)


def solved_letter(facts: dict[str, Any], public_url: str, say: Say) -> Letter:
    """What a requester is told when the engineers have solved it."""
    values = facts | {"url": f"{public_url.rstrip('/')}/chats/{facts['number']}"}
    body = "\n\n".join(say(line) % values for line in (SOLVED_BODY, HERE)) + "\n"
    return Letter(tuple(facts["to"]), say(SOLVED) % values, body)


def alarm_letter(facts: dict[str, Any], public_url: str, say: Say) -> Letter:
    """What operators and managers are told when something does not get out."""
    since = datetime.fromisoformat(facts["since"]).astimezone(NETHERLANDS)
    values = facts | {
        "since": f"{since:%d-%m-%Y %H:%M}",
        "url": f"{public_url.rstrip('/')}/undelivered",
    }
    body = "\n\n".join(say(line) % values for line in (ALARM_BODY, ALARM_WORDS, HERE)) + "\n"
    return Letter(tuple(facts["to"]), say(ALARM) % values, body)


LETTERS: dict[str, Callable[[dict[str, Any], str, Say], Letter]] = {
    "flag": flag_letter,
    "come": come_letter,
    "solved": solved_letter,
    "alarm": alarm_letter,
}
