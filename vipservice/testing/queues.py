"""What waits to be delivered, delivered now: the tests are the job that does it."""

from vipservice.adapters.mail import Mail
from vipservice.adapters.ticketing import Systems, one_system
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.services.incidents.delivery import add_next, deliver_next
from vipservice.services.incidents.progress import poll_next
from vipservice.services.notices import deliver_mail
from vipservice.testing.ticketing import URL
from vipservice.testing.world import World

HOLDER = "test"
PAUSE = 11
"""Minutes between two rounds: longer than the first pauses between two attempts."""
POLL_SECONDS = 300


def drain(world: World, system: Ticketing, rounds: int = 1) -> None:
    """Brings every incident and addition that is due to this system.

    With more ``rounds`` the clock goes forward between them, so that what failed is tried again.
    Raises ValueError for a system that the world does not have: nothing is brought to it.
    """
    systems = _only(world, system)
    for number in range(rounds):
        if number:
            world.clock.forward(minutes=PAUSE)
        while deliver_next(world.store, systems, HOLDER):
            pass
        while add_next(world.store, systems, HOLDER, URL):
            pass


def drain_mail(world: World, mail: Mail) -> int:
    """Sends the mail that is due; how many were tried."""
    sent = 0
    while deliver_mail(world.store, mail, URL, HOLDER):
        sent += 1
    return sent


def ask_after(world: World, system: Ticketing) -> None:
    """Asks this system how far the incidents are that go on, some five minutes later."""
    systems = _only(world, system)
    world.clock.forward(seconds=POLL_SECONDS + 1)
    while poll_next(world.store, systems, POLL_SECONDS):
        pass


def _only(world: World, system: Ticketing) -> Systems:
    if system.name not in world.store.systems:
        raise ValueError(f"this world has no system {system.name}: name it to open_world")
    return one_system(system)
