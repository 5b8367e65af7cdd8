"""What the scripts of a page start from."""

from vipservice.rules.shape import Named
from vipservice.services.shapes.people import Me
from vipservice.web.access import actor


def me() -> Me:
    """Who is signed in."""
    found = actor()
    town = None
    if found.municipality_id:
        town = Named(id=found.municipality_id, name=found.municipality)
    return Me(
        id=found.id, name=found.name, role=found.role, municipality=town, language=found.language
    )
