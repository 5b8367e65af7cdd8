"""Settings: from config.toml and from VIPSERVICE_SECTION__KEY in the environment, frozen."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vipservice.config.limits import LimitsSettings
from vipservice.config.sections import (
    CalendarSettings,
    ChatSettings,
    DatabaseSettings,
    MailSettings,
    ReportSettings,
    RoutingSettings,
    SecuritySettings,
    ServerSettings,
    SlaSettings,
    WebhookSettings,
)
from vipservice.config.ticketing import NEEDED, SystemSettings, TicketingSettings

__all__ = [
    "NEEDED",
    "CalendarSettings",
    "ConfigurationError",
    "MailSettings",
    "Settings",
    "SystemSettings",
    "TicketingSettings",
    "WebhookSettings",
    "load",
]


class ConfigurationError(Exception):
    """The configuration does not hold; the text is one sentence a mistake."""


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
    limits: LimitsSettings = LimitsSettings()

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
