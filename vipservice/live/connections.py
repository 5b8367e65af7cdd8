"""Who is on which connection. Looked up once at connect, dropped when rights end."""

from datetime import datetime

from vipservice.rules.people import Actor, Role


class Connections:
    """The signed-in connections of this process."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}

    def add(self, sid: str, actor: Actor) -> None:
        """A connection that may speak."""
        self._actors[sid] = actor

    def drop(self, sid: str) -> None:
        """From now on every event of this connection is refused."""
        self._actors.pop(sid, None)

    def actor(self, sid: str) -> Actor | None:
        """Who it is; None when the connection was dropped."""
        return self._actors.get(sid)

    def of(self, person_id: str, session_id: str | None) -> list[str]:
        """The connections of a session, or all of a person."""
        return [
            sid
            for sid, actor in list(self._actors.items())
            if actor.id == person_id and session_id in (None, actor.session_id)
        ]

    def expired(self, now: datetime) -> list[Actor]:
        """Whose session is over by the clock."""
        return [actor for actor in list(self._actors.values()) if actor.expires_at <= now]

    def specialists(self) -> set[str]:
        """The specialists who are connected."""
        return {a.id for a in list(self._actors.values()) if a.role is Role.SPECIALIST}
