"""One's own account, and the page of who may not open chats."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from vipservice.i18n import LANGUAGES
from vipservice.services.inputs import FormInput
from vipservice.services.people import accounts
from vipservice.web.access import actor, service, signed_in
from vipservice.web.forms import form
from vipservice.web.rendering import render

pages = Blueprint("account", __name__)


class LanguageForm(FormInput):
    """A language of the screen, and where to go on."""

    language: str = ""
    next: str = ""


@pages.get("/account")
@signed_in
def show() -> str:
    """Name, role, authorisations and language."""
    store = service().store
    return render(
        "account.html",
        person=accounts.get_person(store, actor().id),
        grants=accounts.grants_of_person(store, actor().id),
    )


@pages.post("/account")
@signed_in
def save() -> Response:
    """Changes the language of the screen."""
    chosen = form(LanguageForm).language
    if chosen in LANGUAGES:
        accounts.set_language(service().store, actor(), chosen)
    return redirect(url_for("account.show"))
