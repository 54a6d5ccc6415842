"""A visit: who asks, in which language, and what the answer must set. One context variable a request."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from core.language import LANGUAGES
from core.people.rules import Actor
from core.reference import PLATFORM

SESSION, VISITOR, LANGUAGE_COOKIE, CARE = "yiji_session", "yiji_visitor", "yiji_lang", "yiji_care"
_YEAR_S = 365 * 24 * 3600


@dataclass
class Visit:
    """What the frame knows of a request before its handler runs.

    `here` is the page that the visitor looks at, with its query: after a form, the one it was on.
    `typed` is the body of a form, `typed_as` its media type; `stale_person_id` tells whose the session was
    that is over. `is_marked`: what was refused has left something on record nevertheless.
    """

    path: str
    here: str
    secret: bytes = field(repr=False)
    language: str = "zh"
    care: bool = False
    is_secure: bool = False
    is_api: bool = False
    token: str | None = field(default=None, repr=False)
    visitor: str | None = field(default=None, repr=False)
    actor: Actor | None = None
    address: str = field(default="", repr=False)
    typed: bytes = field(default=b"", repr=False)
    typed_as: str = ""
    stale_person_id: int | None = None
    is_marked: bool = False
    set_cookies: list[str] = field(default_factory=list, repr=False)

    @classmethod
    def from_headers(
        cls, path: str, here: str, headers: Mapping[bytes, str], secret: bytes, *, is_secure: bool
    ) -> "Visit":
        """From a request's head. Pages know cookies only, the API bearer tokens only."""
        cookies = _cookies(headers.get(b"cookie", ""))
        is_api = path.startswith("/api/")
        scheme, _, bearer = headers.get(b"authorization", "").partition(" ")
        api_token = bearer.strip() if scheme.lower() == "bearer" else None
        language = cookies.get(LANGUAGE_COOKIE) or headers.get(b"accept-language", "")[:2].lower()
        return cls(
            path=path,
            here=here,
            secret=secret,
            language=language if language in LANGUAGES else "zh",
            care=cookies.get(CARE) == "1",
            is_secure=is_secure,
            is_api=is_api,
            token=(api_token if is_api else cookies.get(SESSION)) or None,
            visitor=cookies.get(VISITOR),
        )

    def form_token(self) -> str:
        """What a form must bring back: bound to the session, before login to a visitor cookie."""
        if self.token is None and self.visitor is None:
            self.visitor = secrets.token_urlsafe(16)
            self.set_cookie(VISITOR, self.visitor, max_age_s=None)
        bound_to = (self.token or self.visitor or "").encode()
        return hmac.new(self.secret, b"form:" + bound_to, hashlib.sha256).hexdigest()

    def is_form_token(self, given: str) -> bool:
        """Does the form come from one of our pages, shown to this same browser?"""
        return hmac.compare_digest(self.form_token().encode(), given.encode())

    def set_cookie(self, name: str, value: str, *, max_age_s: int | None = _YEAR_S) -> None:
        """Have the answer set a cookie; `max_age_s` 0 deletes it, None ends with the browser."""
        morsel: SimpleCookie = SimpleCookie()
        morsel[name] = value
        morsel[name]["path"], morsel[name]["samesite"] = "/", "Lax"
        morsel[name]["httponly"] = True
        if self.is_secure:
            morsel[name]["secure"] = True
        if max_age_s is not None:
            morsel[name]["max-age"] = max_age_s
        self.set_cookies.append(morsel[name].OutputString())


def _cookies(header: str) -> dict[str, str]:
    """By hand: `SimpleCookie` forgets what comes after the first cookie that it does not like."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


VISIT: ContextVar[Visit] = ContextVar("visit")


def platform_actor(permission: str) -> Actor:
    """The signed-in person, who must hold the permission for the deployment as a whole."""
    actor = current_actor()
    actor.require(permission, PLATFORM)
    return actor


def current_actor() -> Actor:
    """The signed-in person; the route's `access` has made sure that there is one."""
    actor = VISIT.get().actor
    assert actor is not None, "the route is public, yet asks who is signed in"
    return actor
