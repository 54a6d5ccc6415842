"""A real SMTP server on a loopback port, which refuses what a test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class MailServer:
    """`received`: what was accepted. `on_recipient`: the answer to an address.

    `on_message` is called before a text is answered; `hangs_up`: how many are not answered at all.
    """

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    on_recipient: dict[str, str] = field(default_factory=dict)
    hangs_up: int = 0
    on_message: Callable[[], None] | None = None
    connections: int = 0
    password: bytes | None = None
    attempts: int = 0

    @property
    def url(self) -> str:
        """For `YIJI_SMTP_URL`."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse it, or accept it."""
        if refusal := self.on_recipient.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep it; hang up instead of answering as often as `hangs_up` says."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        if self.on_message:
            self.on_message()
        if self.hangs_up:
            self.hangs_up -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 Message accepted"

    def authenticate(self, *asked: Any) -> AuthResult:
        """Whoever knows the password."""
        self.attempts += 1
        return AuthResult(success=asked[-1].password == self.password, handled=False)

    def bodies(self) -> list[str]:
        """The plain parts."""
        parts = [message.get_body(("plain",)) for message in self.received]
        return [part.get_content().replace("\r\n", "\n") for part in parts if part is not None]


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """A server that listens as long as the block runs."""
    server = MailServer()
    talks: list[SMTP] = []

    def protocol() -> Any:
        server.connections += 1
        talk = SMTP(
            server,
            loop=asyncio.get_running_loop(),
            hostname="mail.test",
            authenticator=server.authenticate,
            auth_required=server.password is not None,
            auth_require_tls=False,
        )
        talks.append(talk)
        return talk

    listening = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()
        for talk in talks:
            if talk.transport is not None:
                talk.transport.abort()
        await asyncio.sleep(0)
