"""The targets, and what was agreed with somebody."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from vipservice.rules.people import Right
from vipservice.rules.policy import Agreement, Policy, Promise, Target
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.changes import Preview
from vipservice.services.people import organisation
from vipservice.store.tables import Municipality, PolicyVersion, Topic
from vipservice.web.access import allow, service
from vipservice.web.changing import FormValues, given_rows, look_or_save, read_change, rows_to_fill
from vipservice.web.rendering import Problem, render

pages = Blueprint("targets", __name__, url_prefix="/settings")
MOST_MINUTES = 10_000
LONGEST_NUMBER = 5
AGREEMENT = ("agreement_municipality", "agreement_topic", "agreement_minutes", "agreement_warn")
NO_MINUTES = N_("Give a whole number of minutes.")
WARN_FIRST = N_("The warning comes before the target, and both are more than nothing.")


@pages.get("/targets")
@allow(Right.PLAN)
def targets() -> str:
    """The targets."""
    return _targets_page(_target_values(changes.current_targets(service().store)))


@pages.post("/targets")
@allow(Right.PLAN)
def save_targets() -> Response:
    """Looks at new targets or saves them."""
    return look_or_save(
        lambda: read_change(_read_targets()), lambda **more: _targets_page(request.form, **more)
    )


def _targets_page(
    values: FormValues, *, preview: Preview | None = None, problem: Problem | None = None
) -> str:
    store = service().store
    return render(
        "settings/targets.html", values=values, preview=preview, problem=problem,
        rows=rows_to_fill(values, *AGREEMENT),
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


def _read_targets() -> Policy:
    """The targets of the form. Raises Invalid with every bad field at once."""
    mistakes: list[FieldError] = []
    pickup, reply, callback = (
        _target(f"{promise}_minutes", f"{promise}_warn", mistakes) for promise in Promise
    )
    manager = _minutes("manager_minutes", mistakes)
    agreements = [_agreement(row, mistakes) for row in given_rows(*AGREEMENT) if _is_filled(row)]
    if mistakes:
        raise Invalid(mistakes)
    return Policy(pickup, reply, callback, manager, tuple(agreements))


def _is_filled(row: int) -> bool:
    return any(request.form.get(f"{name}_{row}", "").strip() for name in AGREEMENT)


def _agreement(row: int, mistakes: list[FieldError]) -> Agreement:
    target = _target(f"agreement_minutes_{row}", f"agreement_warn_{row}", mistakes)
    municipality = request.form.get(f"agreement_municipality_{row}") or None
    topic = request.form.get(f"agreement_topic_{row}") or None
    if not (municipality or topic):
        words = N_("Choose a municipality, a topic, or both.")
        mistakes.append(FieldError(f"agreement_municipality_{row}", words))
    return Agreement(target, municipality, topic)


def _target(minutes: str, warn: str, mistakes: list[FieldError]) -> Target:
    try:
        return Target(_minutes(minutes, mistakes), _minutes(warn, mistakes))
    except ValueError:
        mistakes.append(FieldError(warn, WARN_FIRST))
        return Target(2, 1)


def _minutes(field: str, mistakes: list[FieldError]) -> int:
    text = request.form.get(field, "").strip()
    short = len(text) <= LONGEST_NUMBER
    if short and text.isascii() and text.isdigit() and int(text) <= MOST_MINUTES:
        return int(text)
    mistakes.append(FieldError(field, NO_MINUTES))
    return 1
