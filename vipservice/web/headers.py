"""The security headers of every answer (internet.nl, NLGov API Design Rules)."""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.wrappers import Response

API_VERSION = "1.0.0"
TWO_YEARS = 63_072_000
KEPT = ("/static/assets/", "/texts/")
"""Files that are named after their content."""


def register_headers(app: Flask, public_url: str) -> None:
    """Adds them after each request."""
    fixed = fixed_headers(public_url)

    def add(answer: Response) -> Response:
        answer.headers.update(fixed)
        answer.headers.update(headers_of(request.path, answer.status_code))
        return answer

    app.after_request(add)


def fixed_headers(public_url: str) -> dict[str, str]:
    """What every answer carries; behind https also that it must stay https."""
    found = {
        "Content-Security-Policy": content_policy(public_url),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
    }
    if public_url.startswith("https:"):
        found["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return found


def content_policy(public_url: str) -> str:
    """Everything from this site alone, and nothing inline."""
    parts = urlsplit(public_url)
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    rules = (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        f"connect-src 'self' {socket}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)


def headers_of(path: str, status: int) -> dict[str, str]:
    """What depends on the address: only what is named after its content is kept, and no refusal."""
    found = {"API-Version": API_VERSION} if path.startswith("/api/") else {}
    if path.startswith(KEPT) and status in (200, 206, 304):
        found["Cache-Control"] = "public, max-age=31536000, immutable"
    elif not path.startswith("/static/"):
        found["Cache-Control"] = "no-store"
    return found
