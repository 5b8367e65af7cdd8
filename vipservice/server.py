"""The server: patches first, then serves. Only it, `live/transport` and `live/lines` know eventlet.

Run as ``python -m vipservice.server eventlet`` (or ``threading``, unpatched, for small desks);
`vipservice serve` checks what must be checked and then becomes this.
"""

import os
import sys
import warnings

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # a dead resolver costs 10 s with it

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # the customer's choice

import eventlet

if sys.argv[1:] != ["threading"]:
    eventlet.monkey_patch()

import gc
import signal
import socket
from contextlib import suppress
from typing import Any

import eventlet.wsgi
from eventlet import patcher, tpool
from psycopg2.extensions import set_wait_callback
from werkzeug.serving import make_server

from vipservice.app import Application, create_app
from vipservice.config import load
from vipservice.door import Door, room_for_clients
from vipservice.jobs.scheduler import start_jobs
from vipservice.live.transport import OnlyModernWebSockets, tune
from vipservice.rules.refusals import Busy
from vipservice.store.waiting import Waiting
from vipservice.beside import at_once

BACKLOG = 1024
CLIENTS = 10_000
DRAINS = 5.0
"""Seconds in which what waits must be stored; a database that hangs keeps nobody longer."""
ROUNDS = 4
"""Of the hub, after the last was stored: whoever said it wakes, and what they are told leaves."""


class Visited(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
    """HTTP that tells the door how far a connection is."""

    door: Door

    def _read_request_line(self) -> bytes:
        self.door.waits(self.request)
        return super()._read_request_line()  # type: ignore[no-any-return]

    def get_environ(self) -> dict[str, Any]:
        """The request, whose headers are there now."""
        found: dict[str, Any] = super().get_environ()
        live = found["REQUEST_METHOD"] == "GET" and found["PATH_INFO"].startswith("/socket.io/")
        upgrades = found.get("HTTP_UPGRADE", "").lower() == "websocket"
        modern = found.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        (self.door.lives if live and upgrades and modern else self.door.serves)(self.request)
        return found

    def finish(self) -> None:
        """The connection is over."""
        self.door.leaves(self.request)
        super().finish()


def make_app(**more: Any) -> Application:
    """The application for this server, with ``more`` of what `create_app` takes."""
    settings = load()
    threads = settings.server.async_mode == "threading"
    return create_app(settings, beside=at_once if threads else tpool.execute, **more)


def serve(app: Application, listener: socket.socket | None = None) -> None:
    """Serves until SIGTERM or SIGINT; says so when the port is open.

    ``listener`` is a socket that listens already; without one it is made from the settings.
    """
    server = app.service.settings.server
    listener = listener or _listen(app)
    _stop_on_signals(app)
    app.service.drafts.start()
    scheduler = start_jobs(app.service, app.broadcast)
    app.broadcast.mark_stale()
    try:
        if server.async_mode == "threading":
            _serve_threads(app, listener)
        else:
            _serve_eventlet(app, listener)
    except KeyboardInterrupt:
        pass
    finally:
        scheduler.shutdown(wait=False)
        with suppress(Busy):  # how far somebody read can be lost, what waits to be written not
            app.broadcast.quiet.note()
        app.service.drafts.close()
        app.service.foresight.close()
        app.service.exports.close()
        app.service.store.close()


def _stop_on_signals(app: Application) -> None:
    """SIGTERM and SIGINT end the serving, and nothing else.

    Raised where it arrives, an interrupt would mostly end a job, which is what runs mostly.
    """
    threads = app.service.settings.server.async_mode == "threading"
    stop = signal.default_int_handler if threads else Leaving(app, eventlet.getcurrent())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


class Leaving:
    """Ends the serving: when what waits is stored and told of, or at the second signal.

    For who serves begins by hanging up on everybody. A handler may not switch greenlets, so it asks
    the hub.
    """

    def __init__(self, app: Application, serving: Any) -> None:
        """``serving``: the greenlet that serves."""
        self.app = app
        self.serving = serving
        self._is_asked = self._is_over = False

    def __call__(self, *_: object) -> None:
        """A signal has come."""
        first, self._is_asked = not self._is_asked, True
        acts = (eventlet.spawn, self._drain) if first else (self._end,)
        eventlet.hubs.get_hub().schedule_call_global(0, *acts)

    def _drain(self) -> None:
        try:
            with eventlet.Timeout(DRAINS, False):
                self.app.service.store.drain()
                for _ in range(ROUNDS):
                    eventlet.sleep(0)
        finally:
            eventlet.hubs.get_hub().schedule_call_global(0, self._end)

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.serving.throw(KeyboardInterrupt)


def _serve_eventlet(app: Application, listener: socket.socket) -> None:
    socket.getaddrinfo = _getaddrinfo
    set_wait_callback(Waiting(patcher.original("select").poll, eventlet.hubs.trampoline))
    tune()
    _quieten_garbage_collection()
    _say_started(app)
    door = _door(app, listener)
    eventlet.spawn(_watch, door)
    eventlet.wsgi.server(
        door,
        OnlyModernWebSockets(app.flask),
        max_size=CLIENTS,
        log_output=False,
        socket_timeout=60,
        protocol=type("Protocol", (Visited,), {"door": door}),
    )


def _door(app: Application, listener: socket.socket) -> Door:
    """Behind a proxy all come from one address: it is the proxy that counts them."""
    settings = app.service.settings
    each = 0 if settings.server.trusted_proxies else settings.limits.connections
    return Door(listener, settings.limits, room_for_clients(CLIENTS), each)


def _watch(door: Door) -> None:
    while True:
        eventlet.sleep(1)
        door.show_out()


def _serve_threads(app: Application, listener: socket.socket) -> None:
    """For tests and small desks; past some hundred busy clients threads collapse."""
    host, port = listener.getsockname()[:2]
    _say_started(app)
    make_server(host, port, app.flask, threaded=True, fd=listener.fileno()).serve_forever()


def _listen(app: Application) -> socket.socket:
    server = app.service.settings.server
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    try:
        listener = eventlet.listen(
            (server.host, server.port), family=family, backlog=BACKLOG, reuse_port=False
        )
    except OSError as error:
        sys.exit(f"Cannot listen on port {server.port}: {error.strerror}. Choose another port.")
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by what it accepts
    return listener  # type: ignore[no-any-return]


def _getaddrinfo(*args: Any, **kwargs: Any) -> Any:
    """Names are resolved in a thread: in C, on the hub, a slow resolver stops everybody."""
    return tpool.execute(eventlet.patcher.original("socket").getaddrinfo, *args, **kwargs)


def _quieten_garbage_collection() -> None:
    """Full collections over the start-up's objects cost tens of milliseconds each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)


def _say_started(app: Application) -> None:
    print(f"vipservice listens, {app.service.settings.server.public_url}", flush=True)


if __name__ == "__main__":
    serve(make_app())
