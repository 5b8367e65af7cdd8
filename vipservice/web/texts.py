"""The texts of the pages' scripts: one file a language, which browsers keep."""

import gzip
import hashlib
import json
from functools import cache

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from vipservice.i18n import LANGUAGES, frontend_messages
from vipservice.rules.refusals import NotFound
from vipservice.web.access import public

pages = Blueprint("texts", __name__)
DIGITS = 16


@pages.get("/texts/<language>/<digest>.js")
@public
def texts(language: str, digest: str) -> Response:
    """The texts as they are now; who asks for those of another version is sent to them."""
    if language not in LANGUAGES:
        raise NotFound
    if digest != _digest(language):
        return redirect(address(language))
    if request.accept_encodings.quality("gzip") > 0:
        answer = make_response(_packed(language))
        answer.content_encoding = "gzip"
    else:
        answer = make_response(_script(language))
    answer.content_type = "text/javascript; charset=utf-8"
    answer.vary.add("Accept-Encoding")
    return answer


def address(language: str) -> str:
    """Where the texts of a language are: another address when they say something else."""
    return url_for("texts.texts", language=language, digest=_digest(language))


@cache
def _digest(language: str) -> str:
    return hashlib.sha256(_script(language).encode()).hexdigest()[:DIGITS]


@cache
def _packed(language: str) -> bytes:
    return gzip.compress(_script(language).encode())


@cache
def _script(language: str) -> str:
    return f"globalThis.vipserviceTexts = {json.dumps(frontend_messages(language))};\n"
