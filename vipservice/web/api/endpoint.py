"""One API call: declared once, for the router, the checks and the OpenAPI document."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request
from pydantic import BaseModel, RootModel, ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from vipservice.problems import Location, dotted, invalid
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.rules.shape import Items, Json, Shape
from vipservice.services.idempotency import Asked, digest, once
from vipservice.services.inputs import FormInput
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.shares import Sort
from vipservice.web.access import actor, allow, service, take_share
from vipservice.web.forms import form

Model = TypeVar("Model", bound=BaseModel)
Endpoint = TypeVar("Endpoint", bound="Callable[..., Answer]")
_NO_OBJECT = N_("Send a JSON object.")


@dataclass(frozen=True)
class Call:
    """A declared call; ``path`` in Flask's notation, below /api/v1.

    ``answer`` is what it answers in JSON, ``formats`` are other media types of the same; without
    both it answers with nothing. ``rights``: who holds one of these may call it; None: the message
    itself is signed. ``form`` comes with a file.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: type[BaseModel] | None
    rights: tuple[Right, ...] | None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    form: type[FormInput] | None = None
    formats: tuple[str, ...] = ()
    paged: bool = False

    @property
    def status(self) -> int:
        """Of an answer that is no refusal: what a POST makes is new."""
        made = 201 if self.answer else 204
        return made if self.method == "POST" else 200


class Says(TypedDict, total=False):
    """What a declaration says beside path, answer and rights; see ``Call``."""

    body: type[BaseModel]
    query: type[BaseModel]
    form: type[FormInput]
    formats: tuple[str, ...]
    paged: bool


class Api:
    """The calls of a version."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.calls: list[Call] = []

    def call(
        self,
        method: str,
        path: str,
        answer: type[Shape],
        *rights: Right,
        many: bool = False,
        share: Sort | None = None,
        **more: Unpack[Says],
    ) -> Callable[[Endpoint], Endpoint]:
        """Declares the decorated function as a call, with what else a ``Call`` says.

        It gets the parts of the path, then the checked body, query or form, if any. With ``many``
        it gives a sequence. ``share``: of what it takes one, before anything else.
        """

        def declare(function: Endpoint) -> Endpoint:
            told = Items[answer] if many else answer  # type: ignore[valid-type]
            call = self._declared(function, method, path, told, rights, **more)

            @allow(*rights)
            def view(**path_parts: str) -> tuple[Response, int]:
                if share:
                    take_share(share)
                given = _given(call)
                return _once(lambda: function(*path_parts.values(), *given), call)

            self._add(call, view)
            return function

        return declare

    def plain(
        self,
        method: str,
        path: str,
        view: Callable[..., Any],
        rights: tuple[Right, ...] | None,
        **more: Unpack[Says],
    ) -> None:
        """Declares a view that says itself who may use it, and takes and answers no JSON."""
        self._add(self._declared(view, method, path, None, rights, **more), view)

    def _declared(
        self,
        function: Callable[..., Any],
        method: str,
        path: str,
        answer: type[BaseModel] | None,
        rights: tuple[Right, ...] | None,
        **more: Unpack[Says],
    ) -> Call:
        summary = (function.__doc__ or "").strip().splitlines()[0]
        call = Call(method, path, function.__name__, summary, answer, rights, **more)
        self.calls.append(call)
        return call

    def _add(self, call: Call, view: Callable[..., Any]) -> None:
        self.blueprint.add_url_rule(
            call.path, endpoint=call.name, view_func=view, methods=[call.method]
        )


Answer = Shape | Sequence[Shape] | Response


def _plain(answer: Shape | Sequence[Shape]) -> Json:
    """As the JSON that is remembered."""
    if isinstance(answer, Shape):
        return answer.public()
    return {"items": [item.public() for item in answer]}


def _given(call: Call) -> tuple[BaseModel, ...]:
    """What the request says, checked."""
    if call.body:
        return (_body(call.body),)
    if call.query:
        return (query(call.query),)
    return (form(call.form),) if call.form else ()


def _once(act: Callable[[], Answer], call: Call) -> tuple[Response, int]:
    """Acts and answers; with an Idempotency-Key that came before, only answers.

    An answer that is a file already goes as it is.
    """
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        return _answered(call, act()), call.status
    asked = Asked(actor(), key, digest(_said()))

    def plainly() -> Json:
        answer = act()
        assert not isinstance(answer, Response), "no POST answers with a file"
        return _plain(answer)

    found, given = once(
        service().store, asked, plainly, call.status, lambda it: _chat_of(it, call.answer)
    )
    return jsonify(found), given


def _answered(call: Call, answer: Answer) -> Response:
    """In JSON, with the address of the next page where there is one."""
    if isinstance(answer, Response):
        return answer
    told = _plain(answer)
    response = jsonify(told)
    if call.paged and told["next"]:
        following = urlencode({**request.args, "after": told["next"]})
        response.headers["Link"] = f'<{request.path}?{following}>; rel="next"'
    return response


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


def _chat_of(answer: Json, shape: type[BaseModel] | None) -> str:
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
