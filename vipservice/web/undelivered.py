"""What has not arrived outside: for whoever must do something about it."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from vipservice.i18n import translator
from vipservice.rules.notices import Channel
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_
from vipservice.services.incidents import undelivered
from vipservice.web.access import actor, allow, service
from vipservice.web.rendering import language, render

pages = Blueprint("undelivered", __name__)

CHANNELS = {
    Channel.INCIDENT: N_("Incident"),
    Channel.ADDITION: N_("Addition to an incident"),
    Channel.MAIL: N_("Mail"),
    Channel.WEBHOOK: N_("Message to the webhook"),
}


@pages.get("/undelivered")
@allow(Right.CENTRE, Right.ADMINISTER)
def show() -> str:
    """Everything that is not delivered, why, and what to do."""
    store = service().store
    return render(
        "undelivered.html",
        rows=undelivered.list_undelivered(store, actor()),
        most=undelivered.MOST,
        resting=undelivered.resting(store),
        channels={channel.value: words for channel, words in CHANNELS.items()},
    )


@pages.post("/undelivered/<outbox_id>/try-again")
@allow(Right.CENTRE, Right.ADMINISTER)
def try_again(outbox_id: str) -> Response:
    """Tries one of them at once."""
    undelivered.try_again(service().store, actor(), outbox_id)
    flash(translator(language())(N_("It is being tried again.")))
    return redirect(url_for("undelivered.show"))
