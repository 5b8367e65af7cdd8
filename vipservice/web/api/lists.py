"""Lists and availability over HTTP."""

from collections.abc import Iterable, Sequence

from vipservice.rules.people import Right
from vipservice.rules.shape import Named
from vipservice.services import waits
from vipservice.services.people import accounts, organisation
from vipservice.services.routing import presence
from vipservice.services.shapes.desk import DeskShape, SpecialistLoad
from vipservice.services.shapes.people import Me
from vipservice.store.tables import Municipality, Person, Team, Topic
from vipservice.web.access import service
from vipservice.web.api.endpoint import Api
from vipservice.web.state import me

STAFF = (Right.CENTRE, Right.ADMINISTER)


def register(api: Api) -> None:
    """Declares the calls."""
    api.call("GET", "/me", Me, *Right)(get_me)
    api.call("GET", "/availability", DeskShape, *Right)(get_availability)
    api.call("GET", "/topics", Named, *Right, many=True)(list_topics)
    api.call("GET", "/teams", Named, *STAFF, many=True)(list_teams)
    api.call("GET", "/municipalities", Named, *STAFF, many=True)(list_municipalities)
    api.call("GET", "/people", Named, Right.ADMINISTER, many=True)(list_people)
    api.call("GET", "/specialists", SpecialistLoad, Right.CENTRE, many=True)(list_specialists)


def get_me() -> Me:
    """Who is signed in."""
    return me()


def get_availability() -> DeskShape:
    """Whether one can be helped now, in all and by topic."""
    return waits.availability(service().store, service().capacity, service().foresight.foretell)


def list_topics() -> Sequence[Named]:
    """The topics that chats can be about."""
    return _named(organisation.list_parts(service().store, Topic, ended=False))


def list_teams() -> Sequence[Named]:
    """The teams."""
    return _named(organisation.list_parts(service().store, Team, ended=False))


def list_municipalities() -> Sequence[Named]:
    """The municipalities."""
    return _named(organisation.list_parts(service().store, Municipality, ended=False))


def list_people() -> Sequence[Named]:
    """Everybody who can sign in."""
    return _named([row[0] for row in accounts.list_people(service().store)])


def list_specialists() -> Sequence[SpecialistLoad]:
    """The specialists with status and load."""
    return presence.specialist_loads(service().store, service().capacity)


def _named(rows: Iterable[Municipality | Topic | Team | Person]) -> Sequence[Named]:
    return [Named(id=row.id, name=row.name) for row in rows]
