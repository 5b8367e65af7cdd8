"""Composition root: settings in, a working application out."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

from vipservice.adapters.aside import Aside
from vipservice.adapters.drafts import Drafts
from vipservice.adapters.foresight import Foresight
from vipservice.adapters.mail import make_mail
from vipservice.adapters.ticketing import make_systems, one_system
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.adapters.webhook import Webhook
from vipservice.beside import Beside, at_once
from vipservice.clock import utc_now
from vipservice.config import Settings
from vipservice.live.broadcast import Broadcast
from vipservice.live.connections import Connections
from vipservice.live.handlers import Handlers
from vipservice.live.packets import ShortWay, TextPacket, hang_up_on_nonsense, note_lines
from vipservice.rules.chats import FRAME_BYTES
from vipservice.rules.notices import Channel
from vipservice.services.context import Service
from vipservice.services.shares import Shares
from vipservice.store.work import Store
from vipservice.web import create_web

LOOPBACK = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Application:
    """The parts of a process, put together."""

    flask: Flask
    socketio: SocketIO
    service: Service
    broadcast: Broadcast


class Json:
    """orjson behind the face that python-socketio expects."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        """Text, as Socket.IO packets are."""
        return orjson.dumps(value).decode()

    loads = staticmethod(orjson.loads)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    ticketing: Ticketing | None = None,
    beside: Beside = at_once,
) -> Application:
    """Everything but the server and the jobs; ``clock`` and ``ticketing`` can be replaced.

    ``beside`` calls what frees the interpreter while it works, such as argon2.
    """
    store = Store(settings.database.url, clock)
    webhook = Webhook(settings.webhook) if settings.webhook.url else None
    if webhook:
        store.channels |= {Channel.WEBHOOK}
    systems = one_system(ticketing) if ticketing else make_systems(settings)
    store.systems = systems.names
    store.beside = beside
    mail = make_mail(settings.mail)
    queue, channel = settings.server.message_queue, settings.server.message_channel
    shares = Shares(settings.limits, queue, channel, time.sleep)
    service = Service(
        settings, store, systems, mail, Drafts(Aside()), Foresight(Aside()), webhook, beside,
        shares, up_since=clock(),
    )  # fmt: skip
    flask = create_web(service)
    socketio = SocketIO(
        flask,
        async_mode=settings.server.async_mode,
        cors_allowed_origins=allowed_origins(settings),
        message_queue=settings.server.message_queue or None,
        channel=settings.server.message_channel,
        json=Json,
        async_handlers=False,  # one client's messages stay in order
        max_http_buffer_size=FRAME_BYTES,
        manage_session=False,
        **_socket_options(settings.server.async_mode),
    )
    hops = settings.server.trusted_proxies
    if hops:  # around all of it: live connections have addresses too
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    connections = Connections()
    server: Any = socketio.server  # type: ignore[attr-defined]
    note_lines(server, connections, clock)
    broadcast = Broadcast(server, service, connections)
    handlers = Handlers(server, service, connections, broadcast)
    hang_up_on_nonsense(server, ShortWay(server, handlers.by_name))
    store.publish = broadcast.publish
    return Application(flask, socketio, service, broadcast)


def allowed_origins(settings: Settings) -> list[str]:
    """The one origin of the pages; on this machine itself, under each of its names."""
    own = settings.server.public_url.rstrip("/")
    if urlsplit(own).hostname not in LOOPBACK:
        return [own]
    return [own, *(f"http://{name}:{settings.server.port}" for name in LOOPBACK)]


def _socket_options(async_mode: str) -> dict[str, Any]:
    """Text packets only; under threads simple-websocket needs its own word for the limit."""
    options: dict[str, Any] = {"serializer": TextPacket}
    if async_mode == "threading":
        options["websocket_options"] = {"max_message_size": FRAME_BYTES}
    return options
