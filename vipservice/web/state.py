"""What the scripts of a page start from."""

from vipservice.rules.shape import Named
from vipservice.services.people import organisation
from vipservice.services.shapes.people import Me
from vipservice.store.tables import Municipality
from vipservice.web.access import actor, service


def me() -> Me:
    """Who is signed in."""
    found = actor()
    municipality = None
    if found.municipality_id:
        row = organisation.get_part(service().store, Municipality, found.municipality_id)
        municipality = Named(id=row.id, name=row.name)
    return Me(
        id=found.id,
        name=found.name,
        role=found.role,
        municipality=municipality,
        language=found.language,
    )
