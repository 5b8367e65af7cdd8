"""``python -m vipservice.live``: prints the document, from which the pages' types are made."""

import json
import sys

from vipservice.live.document import document

if __name__ == "__main__":
    json.dump(document(), sys.stdout)
