"""The targets, and what was agreed with somebody."""

from typing import Annotated

from flask import Blueprint
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from werkzeug.wrappers import Response

from vipservice.rules.people import Right
from vipservice.rules.policy import Agreement, Policy, Promise, Target
from vipservice.rules.refusals import N_
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.changes import Preview
from vipservice.services.inputs import FormInput
from vipservice.services.people import organisation
from vipservice.store.tables import Municipality, PolicyVersion, Topic
from vipservice.web.access import allow, service
from vipservice.web.changing import ChangeForm, look_or_save
from vipservice.web.forms import FormValues, posted, rows_to_fill
from vipservice.web.rendering import Problem, render

pages = Blueprint("targets", __name__, url_prefix="/settings")
MOST_MINUTES = 10_000
LONGEST_NUMBER = 5
NO_MINUTES = N_("Give a whole number of minutes.")
WARN_FIRST = N_("The warning comes before the target, and both are more than nothing.")
WITH_WHOM = N_("Choose a municipality, a topic, or both.")


def _minutes(text: str) -> int:
    short = len(text) <= LONGEST_NUMBER
    if short and text.isascii() and text.isdigit() and int(text) <= MOST_MINUTES:
        return int(text)
    raise ValueError(NO_MINUTES)


Minutes = Annotated[int, BeforeValidator(_minutes)]


class TargetForm(FormInput):
    """Opening minutes until it is too late, and until the warning before that."""

    minutes: Minutes
    warn: Minutes

    @field_validator("warn")
    @classmethod
    def _comes_before(cls, warn: int, given: ValidationInfo) -> int:
        if not 0 < warn < given.data.get("minutes", MOST_MINUTES + 1):
            raise ValueError(WARN_FIRST)
        return warn

    def target(self) -> Target:
        """As the clocks take it."""
        return Target(self.minutes, self.warn)


class AgreementForm(TargetForm):
    """Another target for a municipality, a topic, or the two together."""

    topic: str | None = None
    municipality: str | None = Field(default=None, validate_default=True)

    @field_validator("municipality")
    @classmethod
    def _with_somebody(cls, municipality: str | None, given: ValidationInfo) -> str | None:
        if not (municipality or given.data.get("topic")):
            raise ValueError(WITH_WHOM)
        return municipality

    def agreement(self) -> Agreement:
        """As the clocks take it."""
        return Agreement(self.target(), self.municipality, self.topic)


class TargetsForm(ChangeForm):
    """All of the targets."""

    pickup: TargetForm
    reply: TargetForm
    callback: TargetForm
    manager_minutes: Minutes
    agreement: dict[int, AgreementForm]

    def content(self) -> Policy:
        """As the clocks take it."""
        pickup, reply, callback = (getattr(self, promise).target() for promise in Promise)
        agreements = tuple(row.agreement() for row in self.agreement.values())
        return Policy(pickup, reply, callback, self.manager_minutes, agreements)


@pages.get("/targets")
@allow(Right.PLAN)
def targets() -> str:
    """The targets."""
    return _targets_page(_target_values(changes.current_targets(service().store)))


@pages.post("/targets")
@allow(Right.PLAN)
def save_targets() -> Response:
    """Looks at new targets or saves them."""
    return look_or_save(TargetsForm, lambda **more: _targets_page(posted(), **more))


def _targets_page(
    values: FormValues, *, preview: Preview | None = None, problem: Problem | None = None
) -> str:
    store = service().store
    return render(
        "settings/targets.html", values=values, preview=preview, problem=problem,
        rows=rows_to_fill(values, "agreement"),
        topics=organisation.list_parts(store, Topic, ended=False),
        municipalities=organisation.list_parts(store, Municipality, ended=False),
        versions=changes.versions_of(store, PolicyVersion), now=store.clock(),
    )  # fmt: skip


def _target_values(policy: Policy) -> FormValues:
    """Targets as their form holds them."""
    values = FormValues({"manager_minutes": str(policy.manager_minutes)})
    for promise in Promise:
        target: Target = getattr(policy, promise)
        values[f"{promise}_minutes"], values[f"{promise}_warn"] = (
            str(target.minutes),
            str(target.warn),
        )
    for row, agreement in enumerate(policy.agreements):
        values[f"agreement_municipality_{row}"] = agreement.municipality_id or ""
        values[f"agreement_topic_{row}"] = agreement.topic_id or ""
        values[f"agreement_minutes_{row}"] = str(agreement.target.minutes)
        values[f"agreement_warn_{row}"] = str(agreement.target.warn)
    return values
