"""Settings: from config.toml and from VIPSERVICE_SECTION__KEY in the environment, frozen."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vipservice.rules.hours import WEEKDAYS, parse_blocks
from vipservice.rules.policy import Policy, Target
from vipservice.rules.sla import Calendar

OFFICE_HOURS = ("08:00-17:00",)


class ConfigurationError(Exception):
    """The configuration does not hold; the text is one sentence a mistake."""


class Section(BaseModel):
    """A table of config.toml; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ServerSettings(Section):
    """[server]"""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://localhost:8000"
    async_mode: Literal["eventlet", "threading"] = "eventlet"
    message_queue: str = ""
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
    timeout_seconds: float = 10


class WebhookSettings(Section):
    """[webhook]: without an address nothing is sent."""

    url: str = ""
    secret: SecretStr = SecretStr("")
    ca_file: str = ""
    allow_private: bool = False
    timeout_seconds: float = 10


class RoutingSettings(Section):
    """[routing]"""

    max_chats: int = Field(default=2, gt=0)
    idle_minutes: int = Field(default=10, gt=0)
    offline_seconds: int = Field(default=120, gt=0)


class ChatSettings(Section):
    """[chats]"""

    reopen_days: int = Field(default=14, ge=0)


class SystemSettings(Section):
    """[ticketing.known.NAME]: which keys a system uses stands in the table of README.md."""

    system: Literal[
        "console", "topdesk", "servicenow", "jira", "zammad", "rt", "redmine", "roundup", "webhook"
    ] = "console"
    url: str = ""
    user: str = ""
    password: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    folder: str = "data/incidents"
    project: str = ""
    kind: str = ""
    reference_field: str = ""
    operator_group: str = ""
    template: str = ""
    markup: Literal["textile", "markdown"] = "textile"
    internal_notes: bool = False
    webhook_secret: SecretStr = SecretStr("")
    ca_file: str = ""
    allow_private: bool = False
    timeout_seconds: float = Field(default=10, gt=0)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in NEEDED.get(self.system, ()) if not _given(self, name)]
        if missing:
            raise ValueError(f"{self.system} also needs {', '.join(missing)}")
        return self


class TicketingSettings(SystemSettings):
    """[ticketing]: the system that makes new incidents, and those that are only followed.

    An incident holds the name of its system: a ticket belongs to where it was made.
    """

    name: str = Field(default="", pattern=r"^[a-z0-9-]{0,32}$")
    known: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")], SystemSettings] = Field(
        default_factory=dict
    )
    poll_seconds: float = Field(default=300, gt=0)
    alarm_minutes: float = Field(default=5, gt=0)

    @property
    def own_name(self) -> str:
        """The name that new incidents hold."""
        return self.name or self.system

    @property
    def systems(self) -> dict[str, SystemSettings]:
        """Every system by its name, the one for new incidents first."""
        return {self.own_name: self, **self.known}

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if self.own_name in self.known:
            raise ValueError(f"known.{self.own_name} has the name of the system for new incidents")
        return self


NEEDED = {
    "topdesk": ("url", "user", "password"),
    "servicenow": ("url", "user", "password"),
    "jira": ("url", "user", "password", "project", "kind"),
    "zammad": ("url", "token", "project", "reference_field"),
    "rt": ("url", "token", "project", "reference_field"),
    "redmine": ("url", "token", "project", "kind", "reference_field"),
    "roundup": ("url", "user", "password"),
    "webhook": ("url", "token"),
}
"""What each system can not do without."""


def _given(settings: SystemSettings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


class Settings(BaseSettings):
    """Everything that can be set; config.example.toml shows each key with its default."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix="VIPSERVICE_",
        env_nested_delimiter="__",
    )

    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    security: SecuritySettings = SecuritySettings()
    calendar: CalendarSettings = CalendarSettings()
    sla: SlaSettings = SlaSettings()
    routing: RoutingSettings = RoutingSettings()
    chats: ChatSettings = ChatSettings()
    ticketing: TicketingSettings = TicketingSettings()
    reports: ReportSettings = ReportSettings()
    mail: MailSettings = MailSettings()
    webhook: WebhookSettings = WebhookSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file, and the file before the defaults."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(path: Path | None = None) -> Settings:
    """Settings from ``path``, else $VIPSERVICE_CONFIG, else ./config.toml when it is there.

    Raises ConfigurationError when a named file is missing or a value does not hold.
    """
    named = path or (
        Path(os.environ["VIPSERVICE_CONFIG"]) if "VIPSERVICE_CONFIG" in os.environ else None
    )
    if named and not named.is_file():
        raise ConfigurationError(f"There is no configuration file {named}.")
    file = named or Path("config.toml")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile()
    except ValidationError as error:
        raise ConfigurationError("\n".join(_sentence(file, e) for e in error.errors())) from None
    except ValueError as error:
        raise ConfigurationError(f"{file} is not valid TOML: {error}.") from None


def _sentence(file: Path, error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"])
    return f"{file}: {key}: {error['msg']}."
