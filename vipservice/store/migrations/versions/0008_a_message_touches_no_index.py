"""What a message changes in a chat stands in no index: PostgreSQL then updates the row in place

Room for the next version of a row is kept on its page (fillfactor): without it the update would
move to another page, and every index of the chat with it.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_chat_municipality_updated", "chat")
    op.create_index("ix_chat_municipality", "chat", ["municipality_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE chat SET (fillfactor = 70)")
        op.execute("ALTER TABLE contact SET (fillfactor = 80)")


def downgrade() -> None:
    op.drop_index("ix_chat_municipality", "chat")
    op.create_index("ix_chat_municipality_updated", "chat", ["municipality_id", "updated_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE chat RESET (fillfactor)")
        op.execute("ALTER TABLE contact RESET (fillfactor)")
