"""The tables of config.toml, but for [ticketing]."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from vipservice.config.base import Section
from vipservice.rules.hours import WEEKDAYS, parse_blocks
from vipservice.rules.policy import Policy, Target
from vipservice.rules.sla import Calendar

Seconds = Annotated[float, Field(gt=0, le=15)]
"""A call takes six times as long at most, which must be less than a lease (outbox.LEASE)."""
OFFICE_HOURS = ("08:00-17:00",)


class ServerSettings(Section):
    """[server]"""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://localhost:8000"
    async_mode: Literal["eventlet", "threading"] = "eventlet"
    message_queue: str = ""
    message_channel: str = "vipservice"
    trusted_proxies: int = 0
    demonstration: bool = False


class DatabaseSettings(Section):
    """[database]"""

    url: str = "sqlite:///data/vipservice.db"


class SecuritySettings(Section):
    """[security]"""

    secret_key: SecretStr = SecretStr("")
    session_hours: int = 12
    contact: str = "mailto:security@example.nl"


class CalendarSettings(Section):
    """[calendar]: seeds version 1 of the opening hours."""

    timezone: str = "Europe/Amsterdam"
    monday: tuple[str, ...] = OFFICE_HOURS
    tuesday: tuple[str, ...] = OFFICE_HOURS
    wednesday: tuple[str, ...] = OFFICE_HOURS
    thursday: tuple[str, ...] = OFFICE_HOURS
    friday: tuple[str, ...] = OFFICE_HOURS
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()
    holidays: str = "NL"
    open_on: tuple[date, ...] = ()
    closed: tuple[date, ...] = ()
    shortened: dict[date, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator(*WEEKDAYS)
    @classmethod
    def _blocks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        parse_blocks(value)
        return value

    def calendar(self) -> Calendar:
        """The opening hours that these settings describe."""
        special = {day: parse_blocks(texts) for day, texts in self.shortened.items()}
        return Calendar(
            zone=self.timezone,
            weekly=tuple(parse_blocks(getattr(self, name)) for name in WEEKDAYS),
            country=self.holidays,
            open_on=frozenset(self.open_on),
            special=special | dict.fromkeys(self.closed, ()),
        )


class SlaSettings(Section):
    """[sla]: seeds version 1 of the targets, in opening minutes."""

    pickup_minutes: int = Field(default=30, gt=0)
    warn_minutes: int = Field(default=20, gt=0)
    reply_minutes: int = Field(default=60, gt=0)
    reply_warn_minutes: int = Field(default=45, gt=0)
    callback_minutes: int = Field(default=240, gt=0)
    callback_warn_minutes: int = Field(default=180, gt=0)
    manager_minutes: int = Field(default=10, ge=0)
    check_seconds: float = Field(default=5, gt=0)

    @model_validator(mode="after")
    def _warned_in_time(self) -> Self:
        self.policy()
        return self

    def policy(self) -> Policy:
        """The targets that these settings describe."""
        return Policy(
            pickup=Target(self.pickup_minutes, self.warn_minutes),
            reply=Target(self.reply_minutes, self.reply_warn_minutes),
            callback=Target(self.callback_minutes, self.callback_warn_minutes),
            manager_minutes=self.manager_minutes,
        )


class ReportSettings(Section):
    """[reports]"""

    per_specialist: bool = True
    goal_percent: int = Field(default=80, ge=0, le=100)


class MailSettings(Section):
    """[mail]: without a host it is kept in ``folder``."""

    host: str = ""
    port: int = 25
    starttls: bool = True
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "vipservice@localhost"
    ca_file: str = ""
    folder: str = "data/mail"
    timeout_seconds: Seconds = 10


class WebhookSettings(Section):
    """[webhook]: without an address nothing is sent."""

    url: str = ""
    secret: SecretStr = SecretStr("")
    ca_file: str = ""
    allow_private: bool = False
    timeout_seconds: Seconds = 10


class RoutingSettings(Section):
    """[routing]"""

    max_chats: int = Field(default=2, gt=0)
    idle_minutes: int = Field(default=10, gt=0)
    remind_hours: int = Field(default=24, gt=0)
    close_hours: int = Field(default=72, gt=0)
    offline_seconds: int = Field(default=120, gt=0)


class ChatSettings(Section):
    """[chats]"""

    reopen_days: int = Field(default=14, ge=0)
