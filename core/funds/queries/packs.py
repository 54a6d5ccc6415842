"""What belongs to gifts and their donor may have a copy of (慈善法 42): nothing of other persons."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import signature
from core.database import fetch
from core.funds import rules
from core.funds.queries import gifts, receipts, traces
from core.funds.queries.gifts import GiftView
from core.funds.queries.receipts import ReceiptView
from core.funds.rules import states
from core.funds.rules.receipts import SIGNED_AS
from core.language import mark, translate
from core.ledger.rules import reason_title
from core.manifest import GiftRecords
from core.reference import Ref

_ID, _GIFT, _FEN, _FUND, _STATE = (
    mark("编号"),
    mark("捐赠编号"),
    mark("金额 (元)"),
    mark("基金"),
    mark("状态"),
)
_PARTS = {
    traces.LEFT: mark("还没有用"),
    traces.HELD: mark("已经留给一项用款"),
    traces.PAID: mark("已经付出"),
    traces.RETURNED: mark("已经退还"),
}
_LOTS = """
select l.id, l.origin_id as gift, f.name as fund, coalesce(p.title, '') as purpose, l.amount as amount_fen,
    l.received_at, l.transfer
from ledger_lot l join ledger_account a on a.id = l.account
left join fund f on a.owner_kind = 'fund' and f.id = a.owner_id
left join fund_purpose p on 'purpose:' || p.id = l.restriction
where l.origin_kind = 'fund_gift' and l.origin_id = any($1) order by l.id"""
_MOVES = """
select m.id, m.lot, l.origin_id as gift, t.reason, t.cause_kind, t.cause_id, m.amount as amount_fen,
    m.from_account, m.to_account, m.transfer, t.occurred_at
from ledger_lot l join ledger_lot_move m on m.lot = l.id join ledger_transfer t on t.id = m.transfer
where l.origin_kind = 'fund_gift' and l.origin_id = any($1) order by m.id"""
_FISCAL = """
select id, gift, code, number, check_code, issued_on, replaced_at from fund_fiscal
where gift = any($1) order by id"""
_REFUNDS = """
select id, gift, amount_fen, reason, payment_no, signed_at from fund_refund
where gift = any($1) and state = 'refunded' order by id"""
_REQUESTS = """
select r.id, f.name as fund, o.name as organization, r.title, r.amount_fen, r.state, r.asked_at, r.paid_at,
    r.voucher_due_on, r.voucher_no, r.result, r.reported_at, r.returned_fen, r.project
from fund_request r join fund f on f.id = r.fund join organization o on o.id = r.organization
where r.id = any($1) order by r.id"""
_LINES = """
select request, number, title, amount_fen from fund_request_line where request = any($1)
order by request, number"""
_PAYBACKS = """
select id, request, amount_fen, slip_no, reason, signed_at from fund_payback
where request = any($1) and state = 'returned' order by id"""
_CHANGES = """
select c.id, a.gift, x.title as from_purpose, y.title as to_purpose, c.reason, a.answer, a.answered_at,
    c.state, c.done_at
from fund_change_answer a join fund_change c on c.id = a.change
join fund_purpose x on x.id = c.from_purpose join fund_purpose y on y.id = c.to_purpose
where a.gift = any($1) order by a.id"""
# The version that holds, and the ones that held since the first of the gifts.
_AGREEMENTS = """
select a.id, f.name as fund, a.version, a.purpose, a.uses, a.rights, a.ending, a.fee_percent, a.from_on,
    a.until_on, a.signed_on
from fund_agreement a join fund f on f.id = a.fund
where a.state = 'signed' and a.fund in (select fund from fund_gift where id = any($1))
order by a.fund, a.id"""


async def records(gift_ids: list[int], is_own: bool) -> list[GiftRecords]:
    """Everything that funds know of these gifts. `is_own` False: the donor's name as it is published."""
    given = await gifts.gifts_with(gift_ids)
    parts = await traces.trace_gifts(gift_ids)
    request_ids = sorted({part.request_id for part in parts if part.request_id})
    return [
        *_given(given, is_own),
        await _receipts(given, is_own),
        await _read("fiscal", mark("财政票据"), _FISCAL_COLUMNS, _FISCAL, gift_ids),
        _uses(parts),
        await _read("requests", mark("用款"), _REQUEST_COLUMNS, _REQUESTS, request_ids, kind=rules.REQUEST),
        await _read("request_lines", mark("用款明细"), _LINE_COLUMNS, _LINES, request_ids),
        await _read("paybacks", mark("用款方退回的钱"), _BACK_COLUMNS, _PAYBACKS, request_ids),
        await _read("refunds", mark("退还捐赠人的钱"), _REFUND_COLUMNS, _REFUNDS, gift_ids),
        await _read("changes", mark("改变用途的征求意见"), _CHANGE_COLUMNS, _CHANGES, gift_ids),
        await _read("fund_agreements", mark("基金设立协议"), _AGREEMENT_COLUMNS, _AGREEMENTS, gift_ids),
        await _read("lots", mark("账上的批次"), _LOT_COLUMNS, _LOTS, gift_ids),
        await _read("lot_moves", mark("每个批次的进出"), _MOVE_COLUMNS, _MOVES, gift_ids),
    ]


async def _read(
    name: str, title: str, columns: Mapping[str, str], sql: str, ids: Sequence[int], *, kind: str = ""
) -> GiftRecords:
    rows = [_worded(dict(row)) for row in await fetch(sql, list(ids))]
    files = [Ref(kind, row["id"]) for row in rows] if kind else []
    return GiftRecords(name=name, title=title, columns=columns, rows=rows, files=files)


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    """With words beside codes: the state of a request, why money moved."""
    if "transfer" in row and "reason" in row:
        row["reason_shown"] = translate(reason_title(row["reason"]))
    if "voucher_due_on" in row:
        row["state_shown"] = translate(states.REQUESTS.state(row["state"]).title)
    return row


def _given(given: Sequence[GiftView], is_own: bool) -> list[GiftRecords]:
    rows = [
        {
            "id": gift.id,
            "fund": gift.fund,
            "purpose": gift.purpose or translate(mark("不限用途")),
            "donor": receipts.donor_on(gift, is_own=is_own),
            "shown_as": gift.shown_as,
            "amount_fen": gift.amount_fen,
            "returned_fen": gift.returned_fen,
            "method": gift.method,
            "method_shown": translate(rules.ALL_METHODS[gift.method]),
            "receipt_no": gift.receipt_no,
            "received_on": gift.received_on,
            "counted_at": gift.counted_at,
        }
        for gift in given
    ]
    files = [Ref(rules.GIFT, gift.id) for gift in given]
    return [
        GiftRecords(name="gifts", title=mark("捐赠"), columns=_GIFT_COLUMNS, rows=rows, files=files),
        GiftRecords(
            name="receipt_keys",
            title=mark("回执签名的公钥"),
            columns={"x": mark("公钥")},
            rows=[signature.public_jwk(SIGNED_AS)],
        ),
    ]


async def _receipts(given: Sequence[GiftView], is_own: bool) -> GiftRecords:
    by_id = {gift.id: gift for gift in given}
    rows = [
        {
            "number": one.number,
            "gift": one.gift_id,
            "amount_fen": one.amount_fen,
            "returned_fen": one.returned_fen,
            "issued_at": one.issued_at,
            "voided_at": one.voided_at,
            "statement": _signed(one, by_id[one.gift_id], is_own),
        }
        for one in await receipts.receipts_with(list(by_id))
    ]
    return GiftRecords(name="receipts", title=mark("捐赠回执"), columns=_RECEIPT_COLUMNS, rows=rows)


def _signed(receipt: ReceiptView, gift: GiftView, is_own: bool) -> str:
    return receipts.statement_of(receipt, gift, donor=receipts.donor_on(gift, is_own=is_own))


def _uses(parts: Sequence[traces.TracePart]) -> GiftRecords:
    rows = [
        {
            "gift": part.gift_id,
            "kind": part.kind,
            "kind_shown": translate(_PARTS[part.kind]),
            "amount_fen": part.amount_fen,
            "fund": part.fund,
            "request": part.request_id,
            "title": part.title,
            "organization": part.organization,
            "paid_at": part.paid_at,
            "voucher_no": part.voucher_no,
            "result": part.result,
        }
        for part in parts
    ]
    return GiftRecords(name="uses", title=mark("每笔捐赠去了哪里"), columns=_USE_COLUMNS, rows=rows)


_GIFT_COLUMNS = {
    "id": _ID,
    "fund": mark("捐给"),
    "purpose": mark("用途"),
    "donor": mark("捐赠人"),
    "shown_as": mark("公示为"),
    "amount_fen": _FEN,
    "method_shown": mark("收款方式"),
    "receipt_no": mark("收据号"),
    "received_on": mark("收到日期"),
    "counted_at": mark("入账时间"),
}
_RECEIPT_COLUMNS = {
    "number": mark("号码"),
    "gift": _GIFT,
    "amount_fen": _FEN,
    "issued_at": mark("开具日期"),
    "voided_at": mark("作废时间"),
}
_FISCAL_COLUMNS = {
    "gift": _GIFT,
    "code": mark("票据代码"),
    "number": mark("票据号码"),
    "issued_on": mark("开票日期"),
    "replaced_at": mark("更正时间"),
}
_USE_COLUMNS = {
    "gift": _GIFT,
    "kind_shown": mark("去向"),
    "amount_fen": _FEN,
    "title": mark("用款"),
    "organization": mark("付给"),
}
_REQUEST_COLUMNS = {
    "id": _ID,
    "title": mark("用款"),
    "organization": mark("付给"),
    "amount_fen": _FEN,
    "state_shown": _STATE,
    "paid_at": mark("付款时间"),
    "voucher_no": mark("凭证号"),
    "result": mark("使用结果"),
}
_LINE_COLUMNS = {"request": mark("用款编号"), "title": mark("项目"), "amount_fen": _FEN}
_BACK_COLUMNS = {
    "request": mark("用款编号"),
    "amount_fen": _FEN,
    "reason": mark("理由"),
    "signed_at": mark("时间"),
}
_REFUND_COLUMNS = {"gift": _GIFT, "amount_fen": _FEN, "reason": mark("理由"), "signed_at": mark("时间")}
_CHANGE_COLUMNS = {
    "gift": _GIFT,
    "from_purpose": mark("原用途"),
    "to_purpose": mark("改为"),
    "reason": mark("理由"),
    "answered_at": mark("答复时间"),
}
_AGREEMENT_COLUMNS = {
    "fund": _FUND,
    "version": mark("第几版"),
    "purpose": mark("宗旨"),
    "uses": mark("怎样使用"),
    "rights": mark("设立人的权利"),
    "ending": mark("终止和余款"),
    "signed_on": mark("签订日期"),
}
_LOT_COLUMNS = {
    "id": _ID,
    "gift": _GIFT,
    "fund": _FUND,
    "amount_fen": _FEN,
    "received_at": mark("收到时间"),
}
_MOVE_COLUMNS = {
    "lot": mark("批次"),
    "transfer": mark("凭单"),
    "reason_shown": mark("事由"),
    "amount_fen": _FEN,
    "occurred_at": mark("时间"),
}
