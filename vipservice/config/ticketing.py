"""[ticketing]: the system that makes new incidents, and those that are only followed."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from vipservice.config.base import Section
from vipservice.config.sections import Seconds


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
    timeout_seconds: Seconds = 10

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
