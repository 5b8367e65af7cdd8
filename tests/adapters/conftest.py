"""Each ticketing system in turn, as a double, and the adapter that talks to it."""

from collections.abc import Iterator

import pytest

from tests.support.doubles.base import Double
from tests.support.doubles.jira import Jira
from tests.support.doubles.receiver import Receiver
from tests.support.doubles.redmine import Redmine
from tests.support.doubles.roundup import Roundup
from tests.support.doubles.rt import RequestTracker as Rt
from tests.support.doubles.servicenow import Servicenow
from tests.support.doubles.topdesk import Topdesk
from tests.support.doubles.zammad import Zammad
from tests.support.drafts import adapter
from vipservice.adapters.ticketing.base import Ticketing

DOUBLES: dict[str, type[Double]] = {
    "topdesk": Topdesk,
    "servicenow": Servicenow,
    "jira": Jira,
    "zammad": Zammad,
    "redmine": Redmine,
    "rt": Rt,
    "roundup": Roundup,
    "webhook": Receiver,
}


@pytest.fixture(params=DOUBLES)
def double(request: pytest.FixtureRequest) -> Iterator[Double]:
    """Each system in turn."""
    found = DOUBLES[request.param]()
    yield found
    found.close()


@pytest.fixture
def system(double: Double) -> Ticketing:
    """The adapter that talks to it."""
    return adapter(**double.settings)
