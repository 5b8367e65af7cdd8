"""Who is signed in, as it is told outside."""

from vipservice.rules.people import Role
from vipservice.rules.shape import Id, Named, Shape


class Me(Shape):
    """Who is signed in."""

    id: Id
    name: str
    role: Role
    municipality: Named | None
    language: str
