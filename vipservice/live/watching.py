"""What people look at: lists and figures, told to who looks, at most once a second.

A message costs a digest a second for who has its chat in a list, however many are said.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from vipservice.live import rooms
from vipservice.live.connections import Connections
from vipservice.live.events import Digest, Queue
from vipservice.live.inputs import Overview
from vipservice.rules.news import ChatNews, News
from vipservice.rules.people import Actor, Right
from vipservice.rules.shape import Shape
from vipservice.services import callbacks
from vipservice.services.context import Service
from vipservice.services.forecast import forecast
from vipservice.services.lists import (
    Changes,
    ChatList,
    Place,
    changes_of,
    list_now,
    place_of,
)
from vipservice.services.reports.board import board
from vipservice.services.routing import serving
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.waits import availability

Send = Callable[[Shape, str], None]


OnScreen = ChatList | Overview
OWN = (ChatList.MINE, ChatList.MUNICIPALITY)
"""Lists that are each person's own: nobody else can be given the same."""


class Watching:
    """What is on screens, as far as it is known; ``send`` sends something to a room."""

    def __init__(self, service: Service, connections: Connections, send: Send) -> None:
        self.service = service
        self.connections = connections
        self.send = send
        self._changed: dict[str, ChatNews] = {}
        self._wholes: dict[OnScreen, Shape] = {}
        self._ages: Counter[OnScreen] = Counter()
        self._told: dict[OnScreen, object] = {}
        self._stale = False
        self._unforeseen = False
        self._versions: dict[Place, int] = {}
        """Each list has its own: a common one would tell of what others hear."""
        self._shared = bool(service.settings.server.message_queue)
        """Whether other processes have people who watch."""

    def take(self, news: News) -> None:
        """Keeps what was committed, until it is told; what was said in it is told already."""
        for chat_id, one in news.chats.items():
            one.said = []
            known = self._changed.setdefault(chat_id, one)
            if known is not one:
                known.merge(one)
        self._stale = self._stale or news.queue

    def mark_stale(self) -> None:
        """Has everything told anew, because time itself changes it."""
        self._stale = True

    def rooms_of(self, actor: Actor, names: Iterable[OnScreen]) -> list[str]:
        """Where these are told. Raises NotAllowed for what is not this person's to see."""
        return [self._room(actor, name) for name in names]

    def now(self, actor: Actor, names: Sequence[OnScreen], sid: str) -> list[Digest]:
        """Sends the wholes as they are now; the lists are the answer."""
        for name in names:
            if name not in OWN:
                self._told.pop(name, None)  # the next one is told, also if it is as one before
                if self._shared:
                    self._outdated(name)  # other processes have news of their own
                self.send(self._whole(name), sid)
        return [self._list_now(actor, name) for name in names if isinstance(name, ChatList)]

    def _list_now(self, actor: Actor, name: ChatList) -> Digest:
        """Numbered before it is read: a digest that is sent meanwhile is the newer one."""
        place = place_of(actor, name)
        version = self._versions[place] = max(self._versions.get(place, 0), self._at())
        return _digest(place, Changes(list(self._list(actor, name))), version)

    def refresh(self) -> None:
        """Tells what changed to who watches it."""
        changed, self._changed = self._changed, {}
        try:
            self._tell(changed)
        except Exception:
            self._put_back(changed)
            raise

    def _put_back(self, changed: dict[str, ChatNews]) -> None:
        """What could not be told is told next time, with what came after it."""
        later, self._changed = self._changed, changed
        for chat_id, one in later.items():
            self._changed.setdefault(chat_id, ChatNews()).merge(one)
        self._stale = True

    def _tell(self, changed: dict[str, ChatNews]) -> None:
        if changed:
            self._outdated(ChatList.QUEUE)
        heard = changed if self._shared or self.connections.watches_any() else {}
        for place, changes in changes_of(self.service.store, heard).items():
            version = self._versions[place] = max(self._versions.get(place, 0) + 1, self._at())
            self.send(_digest(place, changes, version), rooms.watched(place.name, place.of))
        if self._stale:
            self._stale, self._unforeseen = False, True
            for name in (ChatList.QUEUE, Overview.AVAILABILITY, Overview.BOARD):
                self._renew(name)

    def foresee(self) -> None:
        """Tells the forecast when the desk has changed; it costs too much to do each time."""
        if self._unforeseen:
            self._unforeseen = False
            self._renew(Overview.FORECAST)

    def _renew(self, name: OnScreen) -> None:
        """Tells a whole that differs from the one before, if anybody may be watching it."""
        before, room = self._told.get(name), rooms.watched(name)
        self._outdated(name)
        if self._shared or self.connections.is_watched(room):
            fresh = self._whole(name)
            self._told[name] = _own(fresh)
            if before != self._told[name]:
                self.send(fresh, room)

    def _list(self, actor: Actor, name: ChatList) -> Sequence[ChatShape]:
        whole = self._whole(name) if name is ChatList.QUEUE else None
        if isinstance(whole, Queue):
            return whole.waiting
        return list_now(self.service.store, actor, name)

    def _whole(self, name: OnScreen) -> Shape:
        """One computation for all who watch it."""
        known, age = self._wholes.get(name), self._ages[name]
        if known is not None:
            return known
        made = self._computed(name)
        if self._ages[name] == age:  # else it was read before what made it out of date
            self._wholes[name] = made
        return made

    def _outdated(self, name: OnScreen) -> None:
        """It is read anew, also by who reads it now."""
        self._ages[name] += 1
        self._wholes.pop(name, None)

    def _computed(self, name: OnScreen) -> Shape:
        store, settings, capacity = (
            self.service.store, self.service.settings, self.service.capacity,
        )  # fmt: skip
        foretell = self.service.foresight.foretell
        match name:
            case Overview.AVAILABILITY:
                return availability(store, capacity, foretell)
            case Overview.BOARD:
                return board(store, capacity, settings.reports.goal_percent)
            case Overview.FORECAST:
                return forecast(store, capacity, settings.routing.idle_minutes, foretell)
        return Queue(
            waiting=tuple(serving.queue(store)), callbacks=tuple(callbacks.list_callbacks(store))
        )

    def _at(self) -> int:
        """The moment in milliseconds."""
        return int(self.service.store.clock().timestamp() * 1000)

    def _room(self, actor: Actor, name: OnScreen) -> str:
        if isinstance(name, ChatList):
            return rooms.watched(name, place_of(actor, name).of)
        if name is not Overview.AVAILABILITY:
            actor.require(Right.WATCH)
        elif not actor.may(Right.ASK):
            actor.require(Right.CENTRE)
        return rooms.watched(name)


def _digest(place: Place, changes: Changes, version: int) -> Digest:
    return Digest(
        list=place.name, changed=tuple(changes.changed), removed=tuple(changes.removed),
        version=version,
    )  # fmt: skip


def _own(whole: Shape) -> object:
    """What of a whole nothing else tells, and that does not change by being told later."""
    if isinstance(whole, Queue):
        return whole.callbacks
    return whole.model_copy(update={"at": None})
