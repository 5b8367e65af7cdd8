"""When a chat last had an entry of any kind, and when something was last said in it"""

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LONG_AGO = sa.text("'1970-01-01 00:00:00.000000'")
NAMES = ("last_at", "last_said_at")


def upgrade() -> None:
    for name in NAMES:
        op.add_column(
            "chat",
            sa.Column(name, UtcDateTime(timezone=True), nullable=False, server_default=LONG_AGO),
        )
    latest = "coalesce((SELECT max(at) FROM entry WHERE chat_id = chat.id {}), opened_at)"
    words = "AND kind = 'message'"
    op.execute(
        f"UPDATE chat SET last_at = {latest.format('')}, last_said_at = {latest.format(words)}"
    )
    op.execute("DELETE FROM login_attempts")  # they were counted under other keys
