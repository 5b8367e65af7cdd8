"""A real Roundup tracker over HTTP, from its PyPI package: python -m … FOLDER PORT."""

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from roundup.cgi.wsgi_handler import RequestDispatcher


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class Threads(ThreadingMixIn, WSGIServer):
    """A thread a request, as roundup-server does."""

    daemon_threads = True


if __name__ == "__main__":
    folder, port = sys.argv[1:]
    application = RequestDispatcher(folder)
    make_server("127.0.0.1", int(port), application, Threads, Quiet).serve_forever()
