"""The security headers of every answer (internet.nl, NLGov API Design Rules)."""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.wrappers import Response

API_VERSION = "1.0.0"
TWO_YEARS = 63_072_000


def register_headers(app: Flask, public_url: str) -> None:
    """Adds them after each request."""
    parts = urlsplit(public_url)
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    policy = "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self' {socket}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )

    def add(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Referrer-Policy"] = "same-origin"
        if parts.scheme == "https":
            answer.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
        if request.path.startswith("/static/assets/"):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif not request.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        if request.path.startswith("/api/"):
            answer.headers["API-Version"] = API_VERSION
        return answer

    app.after_request(add)
