"""What a report is asked for, in the query string of pages and API alike."""

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.refusals import N_, FieldError, Invalid, NotFound
from vipservice.rules.shape import Id
from vipservice.services.inputs import Day, Input
from vipservice.services.people import organisation
from vipservice.services.reports.tables import Selection
from vipservice.store.tables import Municipality, Topic
from vipservice.web.access import service

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
DAYS = 30
LONGEST_DAYS = 366 * 3


class Period(Input):
    """Local days, both included; the last 30 days when nothing is said."""

    since: Day | None = Field(default=None, alias="from", ge=EARLIEST, le=LATEST)
    until: Day | None = Field(default=None, ge=EARLIEST, le=LATEST)
    municipality_id: Id = ""
    topic_id: Id = ""
    format: Literal["json", "csv", "xlsx"] = "json"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(N_("The end lies before the start."))
        return self

    def question(self) -> Selection:
        """As the reports take it. Raises Invalid beyond three years, NotFound for strangers."""
        store = service().store
        until = self.until or store.clock().astimezone(NETHERLANDS).date()
        since = self.since or until - timedelta(days=DAYS - 1)
        if not timedelta() <= until - since <= timedelta(days=LONGEST_DAYS):
            raise Invalid([FieldError("from", N_("Choose a period of at most three years."))])
        if self.municipality_id:
            organisation.get_part(store, Municipality, self.municipality_id)
        if self.topic_id:
            organisation.get_part(store, Topic, self.topic_id)
        return Selection(since, until, self.municipality_id, self.topic_id)


def require_specialists() -> None:
    """Raises NotFound where figures per specialist are switched off."""
    if not service().settings.reports.per_specialist:
        raise NotFound
