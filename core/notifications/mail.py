"""The adapter to an SMTP server: one connection a message."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from core import clock
from core.notifications.letters import PREFERENCES
from core.notifications.rules import one_line
from core.settings import Settings, load

_TIMEOUT_S = 15
_PORTS = {"smtp": 25, "smtps": 465}
_PORT_STARTTLS = 587


async def send_mail(address: str, *, subject: str, text: str, html: str, key: str) -> bool | None:
    """Hand a message to the configured server; None where there is none.

    False: the server refuses this recipient for good. What may be otherwise later is raised.
    """
    known = load()
    if known.smtp_url is None:
        return None
    message = compose(address, subject=subject, text=text, html=html, key=key, settings=known)
    try:
        await _send(message, address, known.smtp_url, sender=parseaddr(known.mail_from)[1])
    except aiosmtplib.SMTPRecipientsRefused as refused:
        if all(500 <= one.code < 600 for one in refused.recipients):
            return False
        raise
    return True


async def _send(message: EmailMessage, address: str, url: str, *, sender: str) -> None:
    server = urlsplit(url)
    starttls = parse_qs(server.query).get("starttls") == ["1"]
    await aiosmtplib.send(
        message,
        sender=sender,
        recipients=[address],
        hostname=server.hostname,
        port=server.port or (_PORT_STARTTLS if starttls else _PORTS[server.scheme]),
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        start_tls=starttls,
        timeout=_TIMEOUT_S,
    )


def compose(
    address: str, *, subject: str, text: str, html: str, key: str, settings: Settings
) -> EmailMessage:
    """The message with its headers. A repeat has the same Message-ID, so that it can be recognised."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = address
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{settings.public_url}{PREFERENCES}>"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message
