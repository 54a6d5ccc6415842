"""The product's own fixtures (a throw-away PostgreSQL, the application, builders), from its checkout."""

import sys

from core.settings import ROOT

sys.path.insert(0, str(ROOT))
pytest_plugins = ["tests.conftest"]
