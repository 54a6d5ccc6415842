"""Codes and consents: which number a code is, how many there may be, what may be withdrawn. Pure."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.language import mark
from core.manifest import Parameter
from core.registration.errors import (
    ConsentElsewhere,
    ConsentMissing,
    ConsentNeeded,
    ConsentUnknown,
    NameMalformed,
    NotGuardian,
    TooManyCodes,
    TooManyNumbers,
)

REGISTER, RESET, CHANGE = "register", "reset", "change"
NAME_MOST = 40
STATEMENTS_MOST = 5  # a day
STATED = "person.identity_stated"
NUMBERS = "core.identity"  # what identity numbers are encrypted for
WINDOW = timedelta(hours=1)
# A used or lapsed code still says that it is over, for somebody who left the page open.
KEPT = timedelta(days=1)

_PLATFORM_ONLY = ("platform",)
LIFE = Parameter(
    code="core.code.minutes",
    title=mark("短信验证码的有效时间"),
    unit=mark("分钟"),
    scopes=_PLATFORM_ONLY,
    default=5,
    minimum=1,
    maximum=60,
)
WORKER_LIFE = Parameter(
    code="core.code.worker_minutes",
    title=mark("工作人员发的验证码的有效时间"),
    unit=mark("分钟"),
    scopes=_PLATFORM_ONLY,
    default=30,
    minimum=1,
    maximum=1440,
)
TRIES = Parameter(
    code="core.code.tries",
    title=mark("一个验证码可以试几次"),
    unit=mark("次"),
    scopes=_PLATFORM_ONLY,
    default=5,
    minimum=1,
    maximum=10,
)
PER_PHONE = Parameter(
    code="core.code.per_phone",
    title=mark("同一手机号一小时内最多几个验证码"),
    unit=mark("个"),
    scopes=_PLATFORM_ONLY,
    default=5,
    minimum=1,
    maximum=100,
)
PER_ADDRESS = Parameter(
    code="core.code.per_address",
    title=mark("同一网络地址一小时内最多几个验证码"),
    unit=mark("个"),
    scopes=_PLATFORM_ONLY,
    default=30,
    minimum=1,
    maximum=1000,
)
PARAMETERS = (LIFE, WORKER_LIFE, TRIES, PER_PHONE, PER_ADDRESS)


def code_of(secret: bytes, token: str, phone: str) -> str:
    """The six digits of a code. They are stored nowhere: row and key together make them again."""
    digest = hmac.new(secret, f"code:{token}:{phone}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**6:06}"


def sealed_for(person_id: int) -> str:
    """What a number is encrypted for: it cannot be moved to another person."""
    return f"{NUMBERS}:{person_id}"


def check_statements(count: int) -> None:
    """Raise TooManyNumbers."""
    if count >= STATEMENTS_MOST:
        raise TooManyNumbers


def is_one_of(typed: str, codes: Sequence[str]) -> bool:
    """Is it one of the codes? Compared in the same time, right or wrong."""
    return any([hmac.compare_digest(typed.encode(), code.encode()) for code in codes])


def check_count(asked_at: Sequence[datetime], most: int, now: datetime) -> None:
    """Raise TooManyCodes if the window, oldest first, is full; with the seconds until it is not."""
    within = sorted(at for at in asked_at if now - at < WINDOW)
    if len(within) >= most:
        opens_at = within[-most] + WINDOW
        raise TooManyCodes(-(-(opens_at - now) // timedelta(seconds=1)))


def check_name(name: str) -> str:
    """The name without blanks around it; raises NameMalformed."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_MOST or not name.isprintable():
        raise NameMalformed
    return name


@dataclass(frozen=True)
class Purpose:
    """What data is used for; `version` is the day of this text. No account without those that are `needed`.

    `with_number`: agreed to together with what is kept for it. `for_minors`: by a guardian only.
    """

    code: str
    title: str
    text: str
    version: str
    needed: bool = False
    with_number: bool = False
    for_minors: bool = False


# The day of the notice that people have read; a new text is a new version.
NOTICE_VERSION = "2026-11-23"


PRIVACY = Purpose(
    code="privacy",
    title=mark("隐私说明"),
    text=mark("保存姓名、手机号和您在这里办的事，用来办理这些事并按规定记账。"),
    version=NOTICE_VERSION,
    needed=True,
)
IDENTITY = Purpose(
    code="identity",
    title=mark("保存身份证号"),
    text=mark(
        "身份证号加密保存，只用来确认是您本人、避免重复登记；除本人看得到首尾各一位，任何页面都不显示。撤回后立即删除，实名核验随之失效。"
    ),
    version=NOTICE_VERSION,
    with_number=True,
)
VOLUNTEERING = Purpose(
    code="minor_volunteering",
    title=mark("孩子参加志愿服务"),
    text=mark("可以报名志愿服务，记录服务时间；公开的页面上不出现姓名。"),
    version=NOTICE_VERSION,
    for_minors=True,
)
POINTS = Purpose(
    code="minor_points",
    title=mark("孩子申请积分"),
    text=mark("可以替本户申请积分；公开的页面上不出现姓名。"),
    version=NOTICE_VERSION,
    for_minors=True,
)
CONSENTS = {one.code: one for one in (PRIVACY, IDENTITY, VOLUNTEERING, POINTS)}
FOR_MINORS = tuple(one.code for one in CONSENTS.values() if one.for_minors)
NOTICE = (
    (
        mark("保存什么"),
        mark(
            "姓名和手机号；您加入的家庭户；您在这里办的事，比如认领地块、缴费和收到的通知。"
            "密码只保存无法还原的摘要。经您单独同意，加密保存身份证号，并保存出生日期。"
        ),
    ),
    (
        mark("用来做什么"),
        mark("办理您要办的事，通知您结果，按会计规定记账。不用于广告，不卖给任何人。"),
    ),
    (
        mark("谁看得到"),
        mark(
            "公开的页面上姓名只显示姓，手机号不出现。经办的工作人员只看到办事需要的内容，"
            "看您的资料页会留下记录。"
        ),
    ),
    (
        mark("保存多久"),
        mark("账号在用的时候一直保存。账目和凭证按会计规定保存，其中只有编号，没有姓名。"),
    ),
    (
        mark("您的权利"),
        mark(
            "随时查看和更正自己的资料，看谁查过，下载一份，撤回同意，注销账号。"
            "不满 18 岁的孩子由监护人登记，并逐项同意。"
        ),
    ),
)


def check_agreed(agreed: bool) -> None:
    """Raise ConsentMissing."""
    if not agreed:
        raise ConsentMissing


def purpose(code: str) -> Purpose:
    """What consent is asked for; raises ConsentUnknown."""
    if code not in CONSENTS:
        raise ConsentUnknown
    return CONSENTS[code]


def check_giveable(code: str) -> None:
    """Raise ConsentUnknown or ConsentElsewhere: one cannot agree to it alone."""
    if purpose(code).with_number:
        raise ConsentElsewhere
    check_own(code)


def check_own(code: str) -> None:
    """Raise ConsentUnknown for what only a guardian decides."""
    if purpose(code).for_minors:
        raise ConsentUnknown


def check_withdrawable(code: str) -> None:
    """Raise ConsentUnknown or ConsentNeeded."""
    check_own(code)
    if purpose(code).needed:
        raise ConsentNeeded


def check_guardian(guardian_id: int | None, actor_id: int, code: str) -> None:
    """Raise NotGuardian or ConsentUnknown: what is for minors is decided by the guardian alone."""
    if guardian_id != actor_id:
        raise NotGuardian
    if not purpose(code).for_minors:
        raise ConsentUnknown
