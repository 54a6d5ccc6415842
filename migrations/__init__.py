"""The whole story of the database: one folder per Piccolo app, run under one lock, all or nothing."""

import os

os.environ.setdefault("PICCOLO_CONF", "migrations.piccolo_conf")
