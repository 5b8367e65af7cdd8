"""How often an answer was waited for stands in the chat, which a message locks and changes anyway

It stood in the contact, which each question read and changed for nothing else.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


OF_ITS_CYCLE = "contact.chat_id = chat.id AND contact.cycle = chat.cycle"


def upgrade() -> None:
    _move("contact", "replies", "chat", "reply_turns")


def downgrade() -> None:
    """Of cycles that are over it is not known any more: nothing starts in those."""
    _move("chat", "reply_turns", "contact", "replies")


def _move(source: str, name: str, target: str, new: str) -> None:
    op.add_column(target, sa.Column(new, sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE {target} SET {new} = {source}.{name} FROM {source} WHERE {OF_ITS_CYCLE}")
    op.drop_column(source, name)
