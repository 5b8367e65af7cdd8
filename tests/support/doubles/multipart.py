"""Reading multipart/form-data (RFC 7578) with the standard library."""

from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from tests.support.doubles.base import Request


@dataclass(frozen=True)
class Part:
    """A field of a form; ``file`` is the file's name, "" for a plain field."""

    field: str
    file: str
    content: bytes


def parts_of(request: Request) -> list[Part]:
    """The parts of a multipart body; none when the body is something else."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return []
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    return [
        Part(
            str(part.get_param("name", "", "content-disposition")),
            part.get_filename("") or "",
            bytes(part.get_payload(decode=True) or b""),
        )
        for part in message.iter_parts()
    ]
