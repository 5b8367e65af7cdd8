"""For tests of what is built on vipservice: an adapter, a flow, a report. The suite uses it too.

A small world in a database of its own, where time stands still until it is moved, what waits is
delivered when the test says so, and a person sees what the page would show:

>>> from tempfile import TemporaryDirectory
>>> from vipservice.testing import Recording, ask_after, drain, escalate, open_world, sees
>>> folder = TemporaryDirectory()
>>> system = Recording(name="mine")  # or the adapter that you write
>>> world = open_world(folder.name, "2026-04-24T16:45+02:00", system.name)
>>> chat = world.ask("jeroen", "Fout UIT-5031 bij afdrukken.")
>>> world.pick_up("sanne", chat)
>>> incident = escalate(world, "sanne", chat, system.name)
>>> drain(world, system)
>>> for line in sees(world, "jeroen", chat):
...     print(line)
De vraag staat in de wachtrij.
Jeroen: Fout UIT-5031 bij afdrukken.
Sanne heeft de vraag opgepakt.
Het gesprek wordt een incident en is hier afgesloten.
Het incident wordt gemaakt. Het meldingsnummer verschijnt hier.
Incident 1 is gemaakt.

Later the engineers are done:

>>> from vipservice.adapters.ticketing.base import Status
>>> from vipservice.rules.incidents.model import Progress
>>> system.now = Status(Progress.SOLVED, "Gereed")
>>> ask_after(world, system)
>>> sees(world, "jeroen", chat)[-1]
'Incident 1: opgelost (Gereed).'
>>> world.close()
>>> folder.cleanup()
"""

from vipservice.testing.clock import ManualClock
from vipservice.testing.queues import ask_after, drain, drain_mail
from vipservice.testing.seeing import sees
from vipservice.testing.ticketing import Recording, escalate
from vipservice.testing.world import World, make_world, open_world

__all__ = [
    "ManualClock", "Recording", "World", "ask_after", "drain", "drain_mail", "escalate",
    "make_world", "open_world", "sees",
]  # fmt: skip
