"""Refusals and mistakes, as a page or as problem+json."""

import logging

from flask import Flask, g, make_response, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from vipservice.problems import problem
from vipservice.rules.refusals import (
    N_,
    FieldError,
    Invalid,
    Later,
    NotAllowed,
    NotFound,
    Refusal,
)
from vipservice.web.rendering import language, render

log = logging.getLogger(__name__)

_STALE_FORM = N_("This form was open for too long. Go back, load the page again and send it again.")
_TOO_LARGE = N_("This is too large. Send less at a time.")
_WRONG_METHOD = N_("This address does not take this method.")


def register_errors(app: Flask) -> None:
    """Every error becomes a sentence."""
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_mistake)


def show_refusal(refusal: Refusal) -> Response:
    """A refusal of the product itself."""
    answer = _answer(problem(refusal, language()))
    return tell_when(refusal, answer)


def tell_when(refusal: Refusal, answer: Response) -> Response:
    """Says on the answer after how many seconds to try again, where that is known."""
    if isinstance(refusal, Later):
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def show_http_error(error: HTTPException) -> Response:
    """An error that Flask itself raised. Redirects pass as they are."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    return show_refusal(_as_refusal(error))


def show_mistake(error: Exception) -> Response:
    """A mistake of ours: logged, and told as one."""
    log.exception("request failed", exc_info=error)
    return _answer(problem(None, language()))


def _as_refusal(error: HTTPException) -> Refusal:
    if isinstance(error, CSRFError):
        return NotAllowed(_STALE_FORM)
    if error.code == 404:
        return NotFound()
    refusal = Invalid([FieldError("body", _TOO_LARGE)], _TOO_LARGE) if error.code == 413 else None
    found = refusal or Refusal(_WRONG_METHOD if error.code == 405 else N_("This is not a request."))
    found.status = error.code or 400
    return found


def _answer(body: dict[str, object]) -> Response:
    status = int(str(body["status"]))
    if request.path.startswith("/api/"):
        answer = make_response(body, status)
        answer.content_type = "application/problem+json"
        return answer
    if not hasattr(g, "actor"):
        g.actor = None
    return make_response(render("error.html", problem=body), status)
