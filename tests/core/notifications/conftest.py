"""A person with a confirmed address, and a mail server to reach it by."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.people.rules import Actor
from tests.core.notifications.mail_server import MailServer, mail_server
from tests.core.notifications.persons import make_reachable

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
async def mail(db: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    """What `YIJI_SMTP_URL` names."""
    async with mail_server() as server:
        monkeypatch.setenv("YIJI_SMTP_URL", server.url)
        monkeypatch.setenv("YIJI_MAIL_FROM", "益集 <yiji@example.org>")
        monkeypatch.setenv("YIJI_PUBLIC_URL", "https://yiji.example.org")
        yield server


@pytest.fixture
async def person(db: str) -> Actor:
    """Someone with a confirmed e-mail address and no phone."""
    return await make_reachable("li@example.org")
