"""A form that comes when its session is over: what was typed goes through the login page, signed, and back
to its own form, which is shown again, filled in. Nothing is done with it but that."""

import base64
import hashlib
import hmac
from io import BytesIO
from urllib.parse import parse_qsl

import msgspec
from multipart import MultipartError, MultipartParser, parse_options_header

from core import clock
from core.language import mark, translate
from web.forms import FILES_TYPE, FORM_TYPE, KEPT, KEPT_MOST, TOKEN, VALUES_MOST, Form, clean
from web.visit import Visit

_LIFE_S = 3600
_SECRET_WORDS = ("password", "secret", "identity")  # a field with such a name is never kept


class Kept(msgspec.Struct):
    """What was typed, where it was sent, when, and by whom if the ended session still tells."""

    path: str
    values: list[tuple[str, str]]
    person_id: int | None
    kept_at: int


def kept_form(visit: Visit) -> Form:
    """The form of the login page that answers a form sent without a session."""
    values = _values(visit)
    form = Form({"next": visit.here}, {"": translate(mark("请先登录"))})
    if not values:
        return form
    packed = _pack(
        Kept(visit.path, values, visit.stale_person_id, int(clock.now().timestamp())), visit.secret
    )
    if len(packed) > KEPT_MOST:
        form.reasons[""] = translate(mark("请先登录。您填的内容太长，没能保留"))
    else:
        form.values[KEPT] = packed
        form.reasons[""] = translate(mark("请先登录，您填的内容还在"))
    return form


def unpack(packed: str, secret: bytes) -> Kept | None:
    """What `kept_form` has signed within the last hour; None for anything else."""
    body, _, signature = packed.rpartition(".")
    if not hmac.compare_digest(_sign(body, secret).encode(), signature.encode()):
        return None
    kept = msgspec.json.decode(base64.urlsafe_b64decode(body), type=Kept)
    return kept if clock.now().timestamp() - kept.kept_at < _LIFE_S else None


def _pack(kept: Kept, secret: bytes) -> str:
    body = base64.urlsafe_b64encode(msgspec.json.encode(kept)).decode()
    return f"{body}.{_sign(body, secret)}"


def _sign(body: str, secret: bytes) -> str:
    return hmac.new(secret, b"kept:" + body.encode(), hashlib.sha256).hexdigest()


def _values(visit: Visit) -> list[tuple[str, str]]:
    try:
        pairs = _pairs(visit)
    except (ValueError, MultipartError):
        return []
    return [
        (name, clean(value))
        for name, value in pairs
        if name != TOKEN and not any(word in name for word in _SECRET_WORDS)
    ]


def _pairs(visit: Visit) -> list[tuple[str, str]]:
    """What was typed. Files are not kept: their fields are empty again."""
    media_type, options = parse_options_header(visit.typed_as)
    if media_type == FORM_TYPE:
        typed = visit.typed.decode(errors="replace")
        return parse_qsl(typed, keep_blank_values=True, max_num_fields=VALUES_MOST)
    if media_type != FILES_TYPE:
        return []
    parts = MultipartParser(BytesIO(visit.typed), options.get("boundary", ""), part_limit=VALUES_MOST)
    return [(part.name, part.value) for part in parts if not part.filename and part.size < KEPT_MOST]
