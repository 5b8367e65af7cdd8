"""The municipality's own number for a chat."""

from pydantic import Field

from vipservice.rules.entries import Referenced
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, NotAllowed
from vipservice.services.chats.access import access_chat, seen_by
from vipservice.services.chats.appending import append
from vipservice.services.inputs import Input
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.work import Store

NUMBER_LENGTH = 60


class CustomerReference(Input):
    """What the municipality calls it; "" takes it away."""

    number: str = Field(max_length=NUMBER_LENGTH)


def set_reference(store: Store, actor: Actor, chat_id: str, data: CustomerReference) -> ChatShape:
    """Notes the municipality's own number: by who asked, or who has the chat."""
    with store.work() as work:
        chat = access_chat(work, actor, chat_id, lock=True)
        if actor.id not in (chat.requester_id, chat.assignee_id):
            raise NotAllowed(N_("You only follow this chat."))
        number = " ".join(data.number.split())
        if number != chat.customer_reference:
            chat.customer_reference = number
            append(work, chat, actor, Referenced(number=number))
        return seen_by(work, chat, actor)
