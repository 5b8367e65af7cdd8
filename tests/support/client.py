"""An HTTP client of the Flask application, signed in as somebody."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from vipservice.problems import SESSION_COOKIE


class Client:
    """Sends the CSRF token with every change, as the pages do."""

    def __init__(
        self, app: Flask, token: str | None = None, cookies: dict[str, str] | None = None
    ) -> None:
        self.http: FlaskClient = app.test_client()
        own = {SESSION_COOKIE: token} if token else {}
        for name, value in ((cookies or {}) | own).items():
            self.http.set_cookie(name, value)
        self.csrf = self._csrf()

    def get(self, path: str) -> Any:
        """A page or a list."""
        return self.http.get(path)

    def post(self, path: str, json: Any = None, form: Any = None) -> Any:
        """A change."""
        return self.http.post(path, json=json, data=form, headers={"X-CSRF-Token": self.csrf})

    def put(self, path: str, json: Any) -> Any:
        """What something is from now on."""
        return self.http.put(path, json=json, headers={"X-CSRF-Token": self.csrf})

    def cookie(self, name: str) -> str:
        """What the server put in a cookie."""
        found = self.http.get_cookie(name)
        assert found is not None, name
        return found.value

    def _csrf(self) -> str:
        page = self.http.get("/login", follow_redirects=True).text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        return found[1] if found else ""
