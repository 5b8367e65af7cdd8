"""Text as Jira keeps it."""

from typing import Any


def document(text: str, end: str) -> dict[str, Any] | None:
    """Atlassian Document Format; a line break within a paragraph is a hardBreak."""
    blocks = text.split(end)
    content = [{"type": "paragraph", "content": _inline(each)} for each in blocks]
    return {"type": "doc", "version": 1, "content": content} if text else None


def _inline(block: str) -> list[dict[str, str]]:
    nodes: list[dict[str, str]] = []
    for line in block.split("\n"):
        nodes += [{"type": "hardBreak"}, *([{"type": "text", "text": line}] if line else [])]
    return nodes[1:]
