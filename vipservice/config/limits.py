"""[limits]: the shares of each person, municipality and address."""

from pydantic import Field

from vipservice.config.base import Section


class Share(Section):
    """How many a minute; 0 is without end."""

    person: int = Field(default=0, ge=0)
    municipality: int = Field(default=0, ge=0)
    address: int = Field(default=0, ge=0)


class LimitsSettings(Section):
    """[limits]"""

    requests: Share = Share(person=600, municipality=6_000, address=6_000)
    messages: Share = Share(person=60, municipality=600, address=1_200)
    questions: Share = Share(person=10, municipality=60, address=120)
    files: Share = Share(person=30, municipality=120, address=240)
    megabytes: Share = Share(person=60, municipality=240, address=480)
    searches: Share = Share(person=60, municipality=300, address=600)
    drafts: Share = Share(person=60, municipality=300, address=600)
    typing: Share = Share(person=120, municipality=1_200, address=2_400)
    exports: Share = Share(person=20, municipality=60, address=60)
    log_ins: Share = Share(address=60)
    refusal_seconds: float = Field(default=1.0, ge=0)
    connections: int = Field(default=500, ge=0)
    lines: int = Field(default=40, ge=0)
    sign_in_seconds: int = Field(default=15, ge=0)
    request_seconds: int = Field(default=120, ge=0)
