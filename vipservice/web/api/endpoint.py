"""One API call: declared once, for the router, the checks and the OpenAPI document."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Blueprint, jsonify, request
from pydantic import BaseModel, JsonValue, RootModel, ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from vipservice.problems import Location, dotted, invalid
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.rules.shape import Json, Shape
from vipservice.services.idempotency import Asked, digest, once
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.shares import Sort
from vipservice.web.access import actor, allow, service, take_share

Model = TypeVar("Model", bound=BaseModel)
Endpoint = TypeVar("Endpoint", bound="Callable[..., Answer]")
_NO_OBJECT = N_("Send a JSON object.")


@dataclass(frozen=True)
class Call:
    """A declared call; ``path`` in Flask's notation, below /api/v1.

    Without ``answer`` it answers with a file, or with nothing.
    """

    method: str
    path: str
    summary: str
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    many: bool
    status: int


class Api:
    """The calls of a version."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.calls: list[Call] = []

    def call(
        self,
        method: str,
        path: str,
        answer: type[BaseModel],
        *rights: Right,
        body: type[BaseModel] | None = None,
        many: bool = False,
        status: int = 200,
        share: Sort | None = None,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declares the decorated function as a call; it gets the checked body, if any, last.

        ``share``: of what it takes one, before anything else.
        """

        def declare(function: Endpoint) -> Endpoint:
            @allow(*rights)
            def view(**path_parts: str) -> tuple[Response, int]:
                if share:
                    take_share(share)
                given = (_body(body),) if body else ()
                return _once(lambda: function(*path_parts.values(), *given), status, answer)

            summary = (function.__doc__ or "").strip().splitlines()[0]
            self.calls.append(Call(method, path, summary, body, answer, many, status))
            self.blueprint.add_url_rule(
                path, endpoint=function.__name__, view_func=view, methods=[method]
            )
            return function

        return declare

    def plain(
        self, method: str, path: str, view: Callable[..., Response | tuple[str, int]]
    ) -> None:
        """Declares a view that says itself who may use it, and takes and answers no JSON."""
        summary = (view.__doc__ or "").strip().splitlines()[0]
        self.calls.append(Call(method, path, summary, None, None, False, 200))
        self.blueprint.add_url_rule(path, view_func=view, methods=[method])


@dataclass(frozen=True)
class Page:
    """Many shapes, with what is said of them together."""

    items: Sequence[Shape]
    more: Mapping[str, JsonValue] = field(default_factory=dict)


Answer = Shape | Page | Response


def _plain(answer: Shape | Page) -> Json:
    """As the JSON that is remembered."""
    if isinstance(answer, Shape):
        return answer.public()
    return {"items": [item.public() for item in answer.items], **answer.more}


def _once(act: Callable[[], Answer], status: int, shape: type[BaseModel]) -> tuple[Response, int]:
    """Acts and answers; with an Idempotency-Key that came before, only answers.

    An answer that is a file already goes as it is.
    """
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        answer = act()
        return (answer if isinstance(answer, Response) else jsonify(_plain(answer))), status
    asked = Asked(actor(), key, digest(_said()))

    def plainly() -> Json:
        answer = act()
        assert not isinstance(answer, Response), "no POST answers with a file"
        return _plain(answer)

    found, given = once(service().store, asked, plainly, status, lambda it: _chat_of(it, shape))
    return jsonify(found), given


def _said() -> Iterator[bytes]:
    """All that a request says, without the boundaries of a form, which differ each time."""
    yield f"{request.method} {request.path}".encode()
    if not request.files:
        yield request.get_data()
        return
    for name, value in sorted(request.form.items(multi=True)):
        yield f"{name}={value}".encode()
    for name, file in sorted(request.files.items(multi=True), key=_name_of):
        yield f"{name}={file.filename}".encode()
        yield file.stream.read()
        file.stream.seek(0)


def _name_of(part: tuple[str, FileStorage]) -> tuple[str, str]:
    return part[0], part[1].filename or ""


def _chat_of(answer: Json, shape: type[BaseModel]) -> str:
    """The chat that an answer tells of; "" when it tells of none."""
    return str(answer["id"] if shape is ChatShape else answer.get("chatId", ""))


def _body(model: type[BaseModel]) -> BaseModel:
    try:
        given = request.get_json(silent=True)
    except RecursionError:
        given = None
    if not isinstance(given, dict):
        raise Invalid([FieldError("body", _NO_OBJECT)], _NO_OBJECT)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise invalid(error, _untagged if issubclass(model, RootModel) else dotted) from None


def _untagged(location: Location) -> str:
    """Within one of several bodies pydantic names that body first."""
    return dotted(location[1:])


def query(model: type[Model]) -> Model:
    """The query string as ``model``. Raises Invalid with every bad field at once."""
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise invalid(error) from None
