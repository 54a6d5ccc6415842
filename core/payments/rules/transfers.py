"""Paying by bank transfer: the code that tells which order the money is for. Pure."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from core import clock
from core.language import mark
from core.manifest import Parameter

WAIT, TAKE_ALONE = "core.transfer_wait_d", "core.take_alone_fen"
ARRIVES = "core.payout_arrives_d"
TRANSFER_PARAMETERS = (
    Parameter(
        code=WAIT,
        title=mark("选了银行转账，缴费单最多等几天"),
        default=5,
        minimum=0,
        maximum=30,
        unit=mark("天"),
    ),
    Parameter(
        code=TAKE_ALONE,
        title=mark("出纳一个人能确认收到的最多多少"),
        default=500_000,
        minimum=0,
        unit="分",
    ),
    Parameter(
        code=ARRIVES,
        title=mark("收款平台的提现，几天内要到银行账户"),
        default=5,
        minimum=1,
        maximum=30,
        unit=mark("天"),
    ),
)
_PREFIX = "YJ"
_CODE = re.compile(rf"{_PREFIX}[\s:._#-]{{0,3}}([0-9]+)")


def transfer_code(order_id: int) -> str:
    """What the payer writes into the remark: 12 -> `YJ1262`. Its last two digits prove the others (97)."""
    return f"{_PREFIX}{order_id}{98 - order_id * 100 % 97:02}"


def codes_in(remark: str) -> tuple[list[int], bool]:
    """The orders that a remark names, each once, and whether it holds something like a code that is none."""
    written = _CODE.findall(unicodedata.normalize("NFKC", remark).upper())
    found = [int(digits[:-2]) for digits in written if _is_code(digits)]
    return list(dict.fromkeys(found)), len(found) < len(written)


def _is_code(digits: str) -> bool:
    return 3 <= len(digits) <= 15 and digits == transfer_code(int(digits[:-2])).removeprefix(_PREFIX)


def held_until(now: datetime, order_expires_at: datetime, wait_days: int) -> datetime:
    """A transfer takes longer than a walk to the counter."""
    return max(order_expires_at, now + timedelta(days=wait_days))


def due_on(expires_at: datetime, held: datetime | None) -> date:
    """The last day on which money of a transfer is in time: a statement knows days alone."""
    return clock.local(max(expires_at, held or expires_at)).date()
