"""What people send: forms that come back filled in, with the reason beside the field."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from core.errors import Conflict, Invalid, TooMany, YijiError
from core.files.rules import Upload
from core.language import explain, mark
from web.visit import VISIT

TOKEN = "form_token"
VALUES_MOST, _VALUE_LENGTH_MOST = 100, 10_000
# A hidden field of the login page that holds a whole form (`kept.py`).
KEPT, KEPT_MOST = "kept", 60_000
FORM_TYPE, FILES_TYPE = "application/x-www-form-urlencoded", "multipart/form-data"
# `request_max_body_size` of a handler that takes a file: in JSON it is a third longer.
WITH_FILE_MOST = 7_500_000
Shape = TypeVar("Shape", bound=msgspec.Struct)
Answer = Response[Any]
_FILES = (Upload, Upload | None)


class FormExpired(Invalid):
    """The form's token is not of this browser's present session."""

    message = "页面放得太久了，内容还在，请再提交一次"


class FieldMissing(Invalid):
    """A field that must be filled in is empty."""

    message = "请填写这一项"


class FieldMalformed(Invalid):
    """A field's content is not of its form, and its shape gives no better words."""

    message = "这一项填写的格式不对"


class _FieldRefused(Invalid):
    """A field's content, refused in the words of its shape."""

    def __init__(self, reason: str) -> None:
        self.message = reason  # type: ignore[misc]
        super().__init__()


class FormRefused(Invalid):
    """Some fields cannot be accepted."""

    message = "请看下面标出的地方"

    def __init__(self, by_field: dict[str, YijiError]) -> None:
        super().__init__()
        self._by_field = by_field

    def reasons(self) -> dict[str, YijiError]:
        """Field name -> its own refusal."""
        return self._by_field


class ButtonForm(msgspec.Struct):
    """A form that is only a button."""


@dataclass
class Form:
    """A form as its template shows it: what was typed, and why it was refused.

    A refused field takes the focus, so that the page opens where something is to be corrected.
    """

    values: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    takes_focus: bool = True

    def value(self, name: str, default: object = "") -> str:
        """What stands in the field."""
        return self.values.get(name, str(default))

    def reason(self, name: str) -> str:
        """Why the field was refused, in the visitor's language; "" for the form as a whole."""
        return self.reasons.get(name, "")


def searched(request: Request[Any, Any, Any], shape: type[Shape]) -> tuple[Shape | None, Form]:
    """A search form, which is sent by GET: what it asks for, None when some field is refused."""
    values = {name: clean(value)[:_VALUE_LENGTH_MOST] for name, value in request.query_params.items()}
    try:
        return _convert(values, shape), Form(values)
    except FormRefused as refusal:
        return None, Form(values, {name: explain(why) for name, why in refusal.reasons().items()})


async def submit(
    request: Request[Any, Any, Any],
    shape: type[Shape],
    act: Callable[[Shape], Awaitable[Answer]],
    again: Callable[[Form, int], Awaitable[Answer]],
) -> Answer:
    """Read the form as `shape` and `act` on it; what is refused is shown `again` with its status."""
    values, files = await _sent(request)
    try:
        if not VISIT.get().is_form_token(values.pop(TOKEN, "")):
            raise FormExpired
        return await act(_convert({**values, **files}, shape))
    except (Invalid, Conflict) as refusal:
        fields = set(shape.__struct_fields__)
        refused = refusal.reasons() if isinstance(refusal, Invalid) else {"": refusal}
        reasons = {name if name in fields else "": explain(why) for name, why in refused.items()}
        answer = await again(Form(values, reasons), _status_of(refusal))
        if isinstance(refusal, TooMany):
            answer.headers["retry-after"] = str(refusal.retry_after_s)
        return answer


def _status_of(refusal: Invalid | Conflict) -> int:
    if isinstance(refusal, TooMany):
        return 429
    return 422 if isinstance(refusal, Invalid) else 409


async def _sent(request: Request[Any, Any, Any]) -> tuple[dict[str, str], dict[str, Upload]]:
    """What was typed, and the files. What is no form has no values, so no form token."""
    if request.content_type[0] not in (FORM_TYPE, FILES_TYPE):
        return {}, {}
    try:
        form = await request.form()
    except (HTTPException, ValueError, LookupError):
        return {}, {}
    typed, files = {}, {}
    for name, value in list(form.items())[:VALUES_MOST]:
        if isinstance(value, str):
            typed[name] = clean(value)[: KEPT_MOST if name == KEPT else _VALUE_LENGTH_MOST]
        elif isinstance(value, UploadFile) and value.filename:  # without a name: none was chosen
            files[name] = Upload(clean(value.filename)[:_VALUE_LENGTH_MOST], await value.read())
    return typed, files


def clean(value: str) -> str:
    """Without blanks around it, and without what PostgreSQL cannot store: NUL and lone surrogates."""
    return value.replace("\x00", "").encode(errors="ignore").decode().strip()


def _convert(values: Mapping[str, str | Upload], shape: type[Shape]) -> Shape:
    accepted: dict[str, Any] = {}
    refused: dict[str, YijiError] = {}
    for info in msgspec.structs.fields(shape):
        given: Any = values.get(info.name, "")
        if info.type is bool:
            accepted[info.name] = given != ""
            continue
        if given == "":
            if info.required:
                refused[info.name] = FieldMissing()
            continue
        if isinstance(given, Upload) or info.type in _FILES:
            if isinstance(given, Upload) and info.type in _FILES:
                accepted[info.name] = given
            else:
                refused[info.name] = FieldMalformed()
            continue
        try:
            accepted[info.name] = msgspec.convert(_tidy(given, info.type), info.type, strict=False)
        except msgspec.ValidationError:
            refused[info.name] = _refusal(info.type)
    if refused:
        raise FormRefused(refused)
    return shape(**accepted)


def _said(type_: Any, what: str) -> Any:
    for part in (type_, *get_args(type_)):  # of `Annotated[…] | None` too
        for meta in getattr(part, "__metadata__", ()):
            if isinstance(meta, msgspec.Meta) and meta.extra and what in meta.extra:
                return meta.extra[what]
    return None


def _tidy(given: str, type_: Any) -> str:
    tidy: Callable[[str], str] | None = _said(type_, "tidy")
    return tidy(given) if tidy else given


def _refusal(type_: Any) -> YijiError:
    reason = _said(type_, "reason")
    return _FieldRefused(reason) if reason else FieldMalformed()


def said(reason: str, *, tidy: Callable[[str], str] | None = None, **constraints: Any) -> msgspec.Meta:
    """Constraints of a field and the words that refuse it: `Annotated[str, said(mark("…"), …)]`.

    `tidy` makes what people type into what is meant, before the constraints are asked.
    """
    if "pattern" in constraints:
        constraints["pattern"] = whole(constraints["pattern"])
    extra = {"reason": reason} | ({"tidy": tidy} if tidy else {})
    return msgspec.Meta(extra=extra, **constraints)


def whole(pattern: str) -> str:
    """A pattern whose `$` is the very end: else it lets a line break through behind what it matches."""
    return re.sub(r"\$$", r"$(?!\\n)", pattern)


def tidy_phone(typed: str) -> str:
    """`138 0000-0001`, `+86 138…` and full-width digits are all the same number."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    return re.sub(r"^(\+|00)86", "", digits)


def tidy_line(typed: str) -> str:
    """Full-width letters, digits and signs are the same, and blanks mean nothing here."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))


PHONE = said(mark("手机号是 11 位数字"), tidy=tidy_phone, pattern=r"^1[3-9][0-9]{9}$")


def see_other(path: str) -> Answer:
    """Go on by GET, so that reloading sends nothing twice."""
    location = quote(path, safe="/?&=#%:+,;@!$'()*~")  # a header is ASCII
    return Response(b"", status_code=303, headers={"location": location}, media_type=MediaType.TEXT)
