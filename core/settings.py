"""The environment, read once into a frozen object. No other module reads `os.environ` for itself."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
_KEY_LEAST = 32


@dataclass(frozen=True)
class Settings:
    """What a deployment decides. Times in seconds; every field has a `YIJI_` variable."""

    data: Path
    host: str
    port: int
    database_url: str | None
    broker_url: str | None
    disabled_plugins: frozenset[str]
    decide_first: tuple[str, ...]
    pool_size: int
    job_lease_s: int
    keep_jobs_days: int
    worker_threads: int
    demo: bool
    trusted_proxies: int
    given_secret: str | None
    smtp_url: str | None
    mail_from: str
    given_public_url: str | None
    given_encryption_key: str | None
    stripe_key: str | None
    stripe_webhook_secret: str | None
    payment_stand_in: str | None

    @property
    def public_url(self) -> str:
        """Where people reach the pages, without a slash at the end: for links in messages."""
        return self.given_public_url or f"http://{self.host}:{self.port}"

    @cached_property
    def secret(self) -> bytes:
        """Key of form tokens and hashes: `YIJI_SECRET`, else a 0600 file made in the data folder."""
        if self.given_secret:
            return self.given_secret.encode()
        return _read_or_make_secret(self.data / "secret")

    @cached_property
    def encryption_key(self) -> bytes:
        """Key of what is stored encrypted: `YIJI_ENCRYPTION_KEY`, else a 0600 file made in the data folder.

        Apart from `secret`, which may be changed at the price of signing in again; without this one,
        what it encrypted is lost.
        """
        if self.given_encryption_key:
            return self.given_encryption_key.encode()
        return _read_or_make_secret(self.data / "encryption-key")


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; a malformed number raises ValueError that names its variable."""
    return Settings(
        data=Path(environ.get("YIJI_DATA") or ROOT / ".yiji").absolute(),
        host=environ.get("YIJI_HOST") or "127.0.0.1",
        port=_number(environ, "YIJI_PORT", 8000),
        database_url=environ.get("YIJI_DATABASE_URL") or None,
        broker_url=environ.get("YIJI_BROKER_URL") or None,
        disabled_plugins=frozenset(_names(environ, "YIJI_DISABLED")),
        decide_first=tuple(_names(environ, "YIJI_DECIDE_FIRST")),
        pool_size=_number(environ, "YIJI_POOL_SIZE", 8),
        job_lease_s=_number(environ, "YIJI_JOB_LEASE_S", 60),
        keep_jobs_days=_number(environ, "YIJI_KEEP_JOBS_DAYS", 30),
        worker_threads=_number(environ, "YIJI_WORKER_THREADS", 4),
        demo=environ.get("YIJI_DEMO", "1") != "0",
        trusted_proxies=_number(environ, "YIJI_TRUSTED_PROXIES", 0),
        given_secret=environ.get("YIJI_SECRET") or None,
        smtp_url=_address(environ, "YIJI_SMTP_URL", "smtp", "smtps"),
        mail_from=_sender(environ),
        given_public_url=(_address(environ, "YIJI_PUBLIC_URL", "http", "https") or "").rstrip("/") or None,
        given_encryption_key=_long(environ, "YIJI_ENCRYPTION_KEY"),
        stripe_key=_starting(environ, "YIJI_STRIPE_KEY", "sk_", "rk_"),
        stripe_webhook_secret=_starting(environ, "YIJI_STRIPE_WEBHOOK_SECRET", "whsec_"),
        payment_stand_in=_address(environ, "YIJI_PAYMENT_STAND_IN", "http", "https"),
    )


def _address(environ: Mapping[str, str], name: str, *schemes: str) -> str | None:
    """A URL; what is wrong with it is said without it, since it may hold a password."""
    given = environ.get(name) or None
    if given is not None:
        try:
            parts = urlsplit(given)
            is_sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_sound = False
        if not is_sound or not given.isprintable():
            raise ValueError(f"{name} must begin with {schemes[0]}:// or {schemes[1]}:// and name a host")
    return given


def _long(environ: Mapping[str, str], name: str) -> str | None:
    given = environ.get(name) or None
    if given is not None and len(given) < _KEY_LEAST:
        raise ValueError(f"{name} must have at least {_KEY_LEAST} characters")
    return given


def _starting(environ: Mapping[str, str], name: str, *beginnings: str) -> str | None:
    """A key; what is wrong with it is said without it."""
    given = environ.get(name) or None
    if given is not None and (not given.startswith(beginnings) or not given.isprintable()):
        raise ValueError(f"{name} must begin with {' or '.join(beginnings)}")
    return given


def _sender(environ: Mapping[str, str]) -> str:
    given = environ.get("YIJI_MAIL_FROM") or "益集 <no-reply@localhost>"
    if "@" not in parseaddr(given)[1] or not given.isprintable():
        raise ValueError("YIJI_MAIL_FROM must be an e-mail address, as in 益集 <yiji@example.org>")
    return given


def _names(environ: Mapping[str, str], name: str) -> list[str]:
    return environ.get(name, "").replace(",", " ").split()


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(environ.get(name) or default)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {environ[name]!r}") from None


def _read_or_make_secret(path: Path) -> bytes:
    """Several processes may start at once: the first to link its file in wins, all read that one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().encode()
