"""The inbox and how a person wants to be told, for programs."""

from datetime import datetime, time
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromQuery, JSONBody

from core.language import translate
from core.notifications import queries
from core.notifications.errors import QuietHoursMalformed
from core.notifications.rules import Choice, Preferences, QuietHours
from core.notifications.services import mark_all_read, mark_read, preferences
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.parameters import Before, RowId
from web.visit import current_actor

_NoticeId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
_NoticeIds = Annotated[list[_NoticeId], msgspec.Meta(max_length=1000)]
_Text = Annotated[str, msgspec.Meta(max_length=254)]


class NoticeOut(msgspec.Struct):
    """A notice in the language that the request asks for."""

    id: int
    title: str
    body: str
    path: str
    category: str
    created_at: datetime
    read_at: datetime | None


class ReadIn(msgspec.Struct):
    """`ids` null: all of them."""

    ids: _NoticeIds | None


class UnreadOut(msgspec.Struct):
    """How many are not read."""

    unread: int


class ChoiceIO(msgspec.Struct):
    """May notices of this category go out by e-mail, by SMS?"""

    mail: bool
    sms: bool


class QuietIO(msgspec.Struct):
    """`21:00` to `08:00` on the wall clock of Asia/Shanghai; over midnight if it ends earlier."""

    begin: time
    until: time


class PreferencesIO(msgspec.Struct):
    """`quiet` null: no quiet hours. `digest`: one e-mail a day instead of one a notice."""

    quiet: QuietIO | None
    digest: bool
    choices: Annotated[dict[str, ChoiceIO], msgspec.Meta(max_length=100)]


class EmailOut(msgspec.Struct):
    """`email` is confirmed, `pending` is not yet, or was refused by its server at `refused_at`."""

    email: str | None
    pending: str | None
    refused_at: datetime | None


class EmailIn(msgspec.Struct):
    """An address to be confirmed."""

    email: _Text


class TokenIn(msgspec.Struct):
    """The last part of the link in the confirmation."""

    token: _Text


def _notice_out(n: queries.Notice) -> NoticeOut:
    return NoticeOut(n.id, translate(n.title), n.told(), n.path, n.category, n.created_at, n.read_at)


@get("/notices", summary="通知", tags=["notifications"], access=SIGNED_IN)
async def list_notices(before: Before = None, unread: FromQuery[bool] = False) -> list[NoticeOut]:
    """Up to 50 notices, newest first; `before` is the id of the last one seen. Reading marks nothing."""
    notices = await queries.inbox(current_actor().person_id, before_id=before, limit=50, unread_only=unread)
    return [_notice_out(notice) for notice in notices]


@get("/notices/{notice_id:int}", summary="一条通知", tags=["notifications"], access=SIGNED_IN)
async def get_notice(notice_id: RowId) -> NoticeOut:
    """One notice of one's own."""
    return _notice_out(await queries.notice(current_actor().person_id, notice_id))


@post("/notices/read", summary="标为已读", tags=["notifications"], access=SIGNED_IN, status_code=200)
async def read_notices(data: JSONBody[ReadIn]) -> UnreadOut:
    """Mark these, or all, as read; returns how many are left."""
    person_id = current_actor().person_id
    if data.ids is None:
        await mark_all_read(person_id)
    else:
        await mark_read(person_id, data.ids)
    return UnreadOut(await queries.unread(person_id))


@get("/notices/preferences", summary="通知设置", tags=["notifications"], access=SIGNED_IN)
async def get_preferences() -> PreferencesIO:
    """How one is told now."""
    return await _preferences()


@put("/notices/preferences", summary="保存通知设置", tags=["notifications"], access=SIGNED_IN)
async def set_preferences(data: JSONBody[PreferencesIO]) -> PreferencesIO:
    """Set quiet hours, digest and the named categories; the other categories stay as they are."""
    quiet = None
    if data.quiet is not None:
        if data.quiet.begin == data.quiet.until or data.quiet.begin.tzinfo or data.quiet.until.tzinfo:
            raise QuietHoursMalformed
        quiet = QuietHours(data.quiet.begin, data.quiet.until)
    choices = {name: Choice(choice.mail, choice.sms) for name, choice in data.choices.items()}
    await preferences.save_preferences(Preferences(quiet, data.digest, choices), actor=current_actor())
    return await _preferences()


async def _preferences() -> PreferencesIO:
    now = await queries.preferences(current_actor().person_id)
    return PreferencesIO(
        QuietIO(now.quiet.begin, now.quiet.until) if now.quiet else None,
        now.digest,
        {name: ChoiceIO(choice.mail, choice.sms) for name, choice in now.choices.items()},
    )


@get("/notices/email", summary="通知邮箱", tags=["notifications"], access=SIGNED_IN)
async def get_email() -> EmailOut:
    """One's own e-mail address."""
    found = await queries.contact(current_actor().person_id)
    return EmailOut(found.email, found.pending, found.refused_at)


@put("/notices/email", summary="填写通知邮箱", tags=["notifications"], access=SIGNED_IN, status_code=202)
async def propose_email(data: JSONBody[EmailIn]) -> EmailOut:
    """Send a link to the address; it counts once the link is followed."""
    await preferences.propose_email(clean(data.email), actor=current_actor())
    found = await queries.contact(current_actor().person_id)
    return EmailOut(found.email, found.pending, found.refused_at)


@delete("/notices/email", summary="删除通知邮箱", tags=["notifications"], access=SIGNED_IN)
async def remove_email() -> None:
    """Forget the address, confirmed or not."""
    await preferences.remove_email(actor=current_actor())


@post(
    "/notices/email/confirmation",
    summary="确认通知邮箱",
    tags=["notifications"],
    access=PUBLIC,
    status_code=204,
)
async def confirm_email(data: JSONBody[TokenIn]) -> None:
    """The link's token stands for the person; a second time changes nothing."""
    await preferences.confirm_email(data.token)


HANDLERS = [
    list_notices,
    get_notice,
    read_notices,
    get_preferences,
    set_preferences,
    get_email,
    propose_email,
    remove_email,
    confirm_email,
]
