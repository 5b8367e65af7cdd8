"""The desk over HTTP: the forecast, its remedies, and callbacks."""

from collections.abc import Sequence

from vipservice.rules.people import Right
from vipservice.rules.shape import Named
from vipservice.services import callbacks, forecast
from vipservice.services.callbacks import Attempt, NewCallback
from vipservice.services.routing import serving
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.shapes.desk import CallbackShape
from vipservice.services.shapes.watching import ForecastShape
from vipservice.web.access import actor, service
from vipservice.web.api.endpoint import Api

ASK, ANSWER, CENTRE = Right.ASK, Right.ANSWER, Right.CENTRE


def register(api: Api) -> None:
    """Declares the calls."""
    api.call("GET", "/forecast", ForecastShape, CENTRE)(get_forecast)
    api.call("POST", "/specialists/<person_id>/calls", Named, CENTRE)(ask_to_come)
    api.call("POST", "/chats/<chat_id>/callback-offers", ChatShape, CENTRE)(offer_callback)
    api.call("POST", "/chats/<chat_id>/callbacks", ChatShape, ASK, ANSWER, body=NewCallback)(
        call_back
    )
    api.call("GET", "/callbacks", CallbackShape, CENTRE, many=True)(list_callbacks)
    api.call("POST", "/callbacks/<callback_id>/attempts", ChatShape, ANSWER, body=Attempt)(
        add_attempt
    )


def get_forecast() -> ForecastShape:
    """The chance of each waiting chat, and what can be done."""
    idle = service().settings.routing.idle_minutes
    return forecast.forecast(
        service().store, service().capacity, idle, service().foresight.foretell
    )


def ask_to_come(person_id: str) -> Named:
    """Asks a specialist to come online."""
    return serving.ask_to_come(service().store, actor(), person_id)


def offer_callback(chat_id: str) -> ChatShape:
    """Offers the customer to call back instead."""
    return callbacks.offer(service().store, actor(), chat_id)


def call_back(chat_id: str, data: NewCallback) -> ChatShape:
    """Closes the chat with the promise of a callback."""
    return callbacks.call_back(service().store, actor(), chat_id, data)


def list_callbacks() -> Sequence[CallbackShape]:
    """What is still to be called back."""
    return callbacks.list_callbacks(service().store)


def add_attempt(callback_id: str, data: Attempt) -> ChatShape:
    """Records an attempt to call."""
    return callbacks.attempt(service().store, actor(), callback_id, data)
