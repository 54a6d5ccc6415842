"""WeChat's bills of a day as lines of a settlement: text with a ` before each value, sums at the end.

Read strictly: a column that is missing, or another number of lines than the bill says, refuses the whole.
"""

import gzip
import hashlib
import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from core import clock
from core.payments.providers import CAPTURED, OTHER, PAYOUT, REFUNDED, SettlementLine

TRADES, FLOWS = "trades", "flows"
# There is no bill of a day without moves.
NONE_YET = ("NO_STATEMENT_EXIST",)
_TEXT_MOST = 50_000_000
_PAYOUTS = ("提现", "结算到银行")
# What the bill of trades tells of already, with its fees.
_TOLD = ("交易", "退款", "手续费")
Row = dict[str, str]


def unpacked(packed: bytes, sha1: str) -> str:
    """The bill's text; raises ValueError where it is not the one that was promised."""
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        text = file.read(_TEXT_MOST + 1)
    if len(text) > _TEXT_MOST or hashlib.sha1(text).hexdigest() != sha1.lower():
        raise ValueError("not the bill that was promised")
    return text.decode("utf-8-sig")


def read_bill(form: str, text: str) -> list[SettlementLine]:
    """Its lines; raises ValueError or LookupError for a bill of another form."""
    rows = _rows(text)
    return _trades(rows) if form == TRADES else _flows(rows)


def _rows(text: str) -> list[Row]:
    lines = [line for line in text.splitlines() if line.strip()]
    names = [unicodedata.normalize("NFKC", name.strip()) for name in lines[0].split(",")]
    found: list[Row] = []
    for at, line in enumerate(lines[1:], 1):
        if not line.startswith("`"):  # the names of the sums
            count = int(lines[at + 1].removeprefix("`").split(",`")[0])
            if count != len(found) or len(lines) != at + 2:
                raise ValueError("a bill with other lines than it says")
            return found
        found.append(dict(zip(names, line[1:].split(",`"), strict=True)))
    raise ValueError("a bill that breaks off")


def _trades(rows: Sequence[Row]) -> list[SettlementLine]:
    found = []
    for row in rows:
        if row["交易状态"] == "SUCCESS":
            found.append(_line(row, CAPTURED, row["微信订单号"], "应结订单金额", "订单金额"))
        elif row["交易状态"] == "REFUND" and row["退款状态"] != "FAIL":
            found.append(_line(row, REFUNDED, row["商户退款单号"], "退款金额", "申请退款金额"))
    return found


def _line(row: Row, kind: str, source: str, settled: str, paid: str) -> SettlementLine:
    sign = -1 if kind == REFUNDED else 1
    # WeChat's own name of the move stands for the line; a refund is known by the name that it was given.
    own = row["微信退款单号"] if kind == REFUNDED else row["微信订单号"]
    return SettlementLine(
        external_id=f"{kind}:{own}",
        kind=kind,
        amount=sign * _fen(row[settled]),
        fee=_fen(row["手续费"]),
        currency=row["货币种类"].lower(),
        booked_at=_moment(row["交易时间"]),
        source=source,
        reference=row["商户订单号"],
        paid_fen=_fen(row[paid]),
    )


def _flows(rows: Sequence[Row]) -> list[SettlementLine]:
    return [
        SettlementLine(
            external_id=f"flow:{row['资金流水单号']}",
            kind=PAYOUT if row["业务类型"] in _PAYOUTS else OTHER,
            amount=_fen(row["收支金额(元)"]) * (-1 if row["收支类型"] == "支出" else 1),
            fee=0,
            currency="cny",
            booked_at=_moment(row["记账时间"]),
            source=row["资金流水单号"],
        )
        for row in rows
        if not any(word in row["业务类型"] for word in _TOLD)
    ]


def _fen(yuan: str) -> int:
    fen = Decimal(yuan) * 100
    if fen != int(fen):
        raise ValueError("less than a fen")
    return int(fen)


def _moment(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=clock.HOME)
