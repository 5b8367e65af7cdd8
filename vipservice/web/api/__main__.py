"""``python -m vipservice.web.api``: prints the document, from which the pages' types are made."""

import json
import sys

from vipservice.config import Settings
from vipservice.web.api import described

if __name__ == "__main__":
    json.dump(described(Settings()), sys.stdout)
