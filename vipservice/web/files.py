"""The built files, as small as the browser takes them: they were packed when they were built."""

from os.path import isfile

from flask import Flask, Response, request
from werkzeug.security import safe_join

PACKED = {"br": ".br", "gzip": ".gz"}
"""How a file may be packed, the smallest first, and what its name ends on then."""


class WithPackedFiles(Flask):
    """Flask, whose files go out packed to who takes them so."""

    def send_static_file(self, filename: str) -> Response:
        """The file, or the packed one beside it. Raises NotFound."""
        taken = (end for way, end in PACKED.items() if request.accept_encodings.quality(way) > 0)
        end = next((end for end in taken if self._is_built(filename + end)), "")
        answer = super().send_static_file(filename + end)
        answer.vary.add("Accept-Encoding")
        return answer

    def _is_built(self, filename: str) -> bool:
        found = safe_join(self.static_folder or "", filename)
        return found is not None and isfile(found)  # also of a name that no disk takes
