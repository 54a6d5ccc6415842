"""What a bank's statement says: its columns, its rows, each judged. Pure."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from core.errors import Invalid
from core.language import mark
from core.payments.errors.bank import (
    ColumnsUnclear,
    DayUnreadable,
    DirectionUnreadable,
    HeaderUnclear,
    SerialDiffers,
    SumNegative,
    SumUnreadable,
    TwiceInStatement,
)

MAPPING, JUDGING, JUDGED = "mapping", "judging", "judged"
IMPORTING, IMPORTED, UNREADABLE = "importing", "imported", "refused"
STATEMENT_ROWS_MOST, HEAD_MOST = 10_000, 40
# What a column may say, and how banks call it. The first three are the least with which a row can be judged.
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "day": (mark("日期"), ("交易日期", "记账日期", "入账日期", "交易时间", "日期", "时间")),
    "income": (
        mark("收入金额"),
        ("贷方发生额", "收入金额", "贷方金额", "转入金额", "收入", "贷方", "发生额", "交易金额", "金额"),
    ),
    "direction": (mark("借贷标志（收入和支出在同一列时）"), ("借贷标志", "借贷方向", "收支", "借贷")),
    "name": (mark("对方户名"), ("对方户名", "对方名称", "付款人名称", "付款方户名", "对方账户名称", "户名")),
    "account": (mark("对方账号"), ("对方账号", "对方账户", "付款人账号", "付款方账号", "账号")),
    "remark": (mark("附言"), ("交易附言", "附言", "用途", "备注", "摘要")),
    "more": (mark("摘要或用途（附言之外的一列）"), ("摘要", "用途", "备注")),
    "serial": (mark("流水号"), ("交易流水号", "流水号", "核心流水号", "交易序号", "凭证号")),
}
_IN = ("贷", "收", "收入", "转入", "入账", "进账", "c", "cr", "+", "贷方")
_OUT = ("借", "支", "支出", "转出", "出账", "付", "d", "dr", "-", "借方")
_TIME = r"(?:[T\s]*\d{1,2}:?\d\d(?::?\d\d(?:\.\d+)?)?)?"
_DAYS = (
    re.compile(r"(20\d\d)(\d\d)(\d\d)" + _TIME),
    re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _TIME),
)
_SHEET_DAY = re.compile(r"([3-6]\d{4})(?:\.\d+)?")
_SHEET_BEGINS = date(1899, 12, 30)
_TELLING = ("name", "account", "remark", "more")
_NAME_MOST, _REMARK_MOST, _SERIAL_MOST = 120, 200, 60


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which title stands over what; `header_line` as a spreadsheet counts. "" where there is none."""

    header_line: int
    day: str
    income: str
    direction: str = ""
    name: str = ""
    account: str = ""
    remark: str = ""
    more: str = ""
    serial: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """Role -> title, of those that there are."""
        return {role: title for role in ROLES if (title := getattr(self, role))}

    def kept(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A row of money that came in. `mark`: by what the very same row is known again."""

    line: int
    mark: str
    happened_on: date
    amount_fen: int
    payer_name: str
    payer_last4: str
    remark: str
    serial: str


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken."""

    line: int
    refusal: Invalid


@dataclass
class Read:
    """What became of the rows: money that is new, known already, went out; what nobody understands."""

    credits: list[Credit] = field(default_factory=list)
    known: int = 0
    passed: int = 0
    bad: list[BadRow] = field(default_factory=list)


def titles_of(row: Sequence[str]) -> list[str]:
    """The names of the columns, each once: a second 金额 is `金额 (2)`."""
    seen: Counter[str] = Counter()
    found = []
    for cell in row:
        title = cell.strip()
        seen[title] += 1
        found.append(f"{title} ({seen[title]})" if title and seen[title] > 1 else title)
    return found


def guess_columns(head: Sequence[Sequence[str]]) -> Columns:
    """The row that names most of what we know, and what its titles seem to mean."""
    guesses = [_guess(line, row) for line, row in enumerate(head[:HEAD_MOST], 1)]
    return max(guesses, key=lambda one: len(one.chosen), default=Columns(header_line=1, day="", income=""))


def guess_at(head: Sequence[Sequence[str]], header_line: int) -> Columns:
    """The same where the row is known; raises HeaderUnclear."""
    if not 1 <= header_line <= min(len(head), HEAD_MOST) or not any(head[header_line - 1]):
        raise HeaderUnclear(most=HEAD_MOST)
    return _guess(header_line, head[header_line - 1])


def _guess(line: int, row: Sequence[str]) -> Columns:
    free = {_plain(title): title for title in reversed(titles_of(row)) if title}
    found: dict[str, str] = {}
    for role, (_, names) in ROLES.items():
        hit = next((name for name in names if name in free), None)
        if hit is not None:
            found[role] = free.pop(hit)
    return Columns(header_line=line, day=found.pop("day", ""), income=found.pop("income", ""), **found)


def _plain(title: str) -> str:
    """`贷方发生额（元）` and `贷方发生额/收入` are 贷方发生额."""
    return re.split(r"[(/\[]", "".join(unicodedata.normalize("NFKC", title).split()))[0]


def find_columns(head: Sequence[Sequence[str]], known: Columns) -> Columns | None:
    """The columns of an earlier statement, if this one has all of them in some row."""
    for line, row in enumerate(head[:HEAD_MOST], 1):
        if set(known.chosen.values()) <= set(titles_of(row)):
            return Columns(header_line=line, **{"day": "", "income": "", **known.chosen})
    return None


def check_columns(head: Sequence[Sequence[str]], columns: Columns) -> None:
    """Raise HeaderUnclear or ColumnsUnclear."""
    guess_at(head, columns.header_line)
    chosen = list(columns.chosen.values())
    titles = set(titles_of(head[columns.header_line - 1]))
    if not columns.day or not columns.income or len(set(chosen)) < len(chosen) or not set(chosen) <= titles:
        raise ColumnsUnclear


def read_rows(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: Columns,
    *,
    known: Mapping[str, int] | None = None,
    today: date,
) -> Read:
    """Judge every row below the header. `known`: mark -> amount of lines that there are already."""
    titles = titles_of(header)
    places = {role: titles.index(title) for role, title in columns.chosen.items()}
    read, seen, alike = Read(), dict[str, int](), Counter[str]()
    for line, row in enumerate(rows, columns.header_line + 1):
        cells = {role: row[at].strip() if at < len(row) else "" for role, at in places.items()}
        if not cells["day"] and not _says_sum(cells["income"]):
            continue  # an empty row, or one of totals below the table
        try:
            amount_fen = _amount_in(cells)
            if amount_fen == 0:
                read.passed += 1
                continue
            credit = _credit(line, cells, amount_fen, alike, today)
            _check_alone(credit, seen, known or {})
        except Invalid as refusal:
            read.bad.append(BadRow(line, refusal))
            continue
        if credit.mark in (known or {}):
            read.known += 1
        else:
            read.credits.append(credit)
    return read


def _says_sum(written: str) -> bool:
    return any(sign.isdigit() for sign in written)


def _amount_in(cells: Mapping[str, str]) -> int:
    """What came in; 0 for money that went out. Raises SumUnreadable, SumNegative, DirectionUnreadable."""
    amount_fen = parse_sum(cells["income"])
    if "direction" in cells and amount_fen:
        way = cells["direction"].strip().casefold()
        if way in _OUT:
            return 0
        if way not in _IN:
            raise DirectionUnreadable
    if amount_fen < 0:
        raise SumNegative
    return amount_fen


def _credit(line: int, cells: Mapping[str, str], amount_fen: int, alike: Counter[str], today: date) -> Credit:
    day = parse_day(cells["day"], today)
    serial = cells.get("serial", "")
    said = [
        day.isoformat(),
        str(amount_fen),
        *(cells.get(role, "") for role in _TELLING),
    ]
    if serial:
        name = "\x1f".join(("serial", serial))
    else:  # two gifts of the same sum on the same day are two
        name = "\x1f".join(("row", *said))
        alike[name] += 1
        name += f"\x1f{alike[name]}"
    remark = " ".join(filter(None, (cells.get("remark", ""), cells.get("more", ""))))
    return Credit(
        line=line,
        mark=hashlib.sha256(name.encode()).hexdigest(),
        happened_on=day,
        amount_fen=amount_fen,
        payer_name=cells.get("name", "")[:_NAME_MOST],
        payer_last4=re.sub(r"\D", "", cells.get("account", ""), flags=re.ASCII)[-4:],
        remark=remark[:_REMARK_MOST],
        serial=serial[:_SERIAL_MOST],
    )


def _check_alone(credit: Credit, seen: dict[str, int], known: Mapping[str, int]) -> None:
    """Raise TwiceInStatement or SerialDiffers."""
    above = seen.setdefault(credit.mark, credit.line)
    if above != credit.line:
        raise TwiceInStatement(line=above)
    if known.get(credit.mark, credit.amount_fen) != credit.amount_fen:
        raise SerialDiffers


def parse_day(written: str, today: date) -> date:
    """`20261122`, `2026-11-22 10:33:05`, `2026年1月2日`, a spreadsheet's 46348.4; raises DayUnreadable."""
    plain = unicodedata.normalize("NFKC", written).strip()
    try:
        if match := _DAYS[0].fullmatch(plain) or _DAYS[1].fullmatch(plain):
            day = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _SHEET_DAY.fullmatch(plain):
            day = _SHEET_BEGINS + timedelta(days=int(match[1]))
        else:
            raise DayUnreadable
    except ValueError:
        raise DayUnreadable from None
    if day > today + timedelta(days=1):
        raise DayUnreadable
    return day


def parse_sum(written: str) -> int:
    """`1,234.50`, `￥35`, `35.00元`, `+35.00`, `-35.00`, a spreadsheet's 0.30000000000000004; "" is 0.

    Raises SumUnreadable.
    """
    plain = "".join(unicodedata.normalize("NFKC", written).split()).replace(",", "")
    plain = re.sub(r"^([+-]?)(?:¥|CNY|RMB|人民币)([+-]?)", r"\1\2", plain).removesuffix("元")
    if plain in ("", "-", "--"):
        return 0
    if not re.fullmatch(r"[+-]?\d{1,13}(\.\d{1,20})?(E-?\d{1,2})?", plain, re.ASCII):
        raise SumUnreadable
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation:
        raise SumUnreadable from None
    whole = fen.to_integral_value()
    if abs(fen - whole) > Decimal("0.0001") or abs(whole) > 10**15:
        raise SumUnreadable
    return int(whole)
