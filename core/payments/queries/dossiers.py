"""What an organization's dossier holds of its payments: ids, sums and states, no names."""

from core.database import fetch
from core.manifest import DossierPart
from core.reference import Ref

# Part -> (what its rows are subjects of, the rows).
_PARTS = {
    "orders": (
        "order",
        "select id, payer, household, cause_kind, cause_id, state, total_fen, created_at, expires_at,"
        " closed_at from payment_order where payee = $1 order by id",
    ),
    "order_lines": (
        None,
        'select l."order", l.number, l.reason, l.account, l.amount_fen, l.note from payment_order_line l'
        ' join payment_order o on o.id = l."order" where o.payee = $1 order by l."order", l.number',
    ),
    "payments": (
        None,
        'select id, "order", channel, amount_fen, receipt_no, confirmed_by, confirmed_at from payment'
        " where payee = $1 order by id",
    ),
    "counter_takings": (
        "counter_taking",
        'select id, "order", channel, amount_fen, receipt_no, state, problem, asked_by, asked_at, ended_at'
        " from payment_taking where payee = $1 order by id",
    ),
    "online_payments": (
        "payment",
        'select a.id, a."order", m.provider, a.reference, a.external_id, a.state, a.problem, a.amount_fen,'
        " a.captured_fen, a.refunded_fen, a.created_at from payment_attempt a"
        " join payment_merchant m on m.id = a.merchant where m.organization = $1 order by a.id",
    ),
    "online_money": (
        None,
        "select f.id, f.attempt, f.kind, f.external_id, f.amount_fen, f.happened_at, f.noted_at"
        " from payment_fact f join payment_attempt a on a.id = f.attempt"
        " join payment_merchant m on m.id = a.merchant where m.organization = $1 order by f.id",
    ),
    "refunds": (
        "refund",
        'select id, "order", attempt, line, amount_fen, state, problem, external_id, receipt_no, asked_by,'
        " asked_at, ended_at from payment_refund where payee = $1 order by id",
    ),
    "disputes": (
        "dispute",
        "select d.id, d.attempt, d.external_id, d.state, d.amount_fen, d.reason, d.opened_at, d.due_at,"
        " d.closed_at from payment_dispute d join payment_attempt a on a.id = d.attempt"
        " join payment_merchant m on m.id = a.merchant where m.organization = $1 order by d.id",
    ),
    "settlements": (
        None,
        "select l.id, m.provider, l.external_id, l.kind, l.amount, l.fee, l.currency, l.source, l.payout,"
        " l.attempt, l.verdict, l.is_booked, l.booked_at, l.aside_by, l.aside_at"
        " from payment_settlement_line l join payment_merchant m on m.id = l.merchant"
        " where m.organization = $1 order by l.id",
    ),
    "bank_lines": (
        "bank_line",
        'select id, statement, line, happened_on, amount_fen, serial, state, reason, "order", is_kept,'
        " decided_by, decided_at, sent_back_no from payment_bank_line where organization = $1 order by id",
    ),
}


async def dossier(subject: Ref) -> list[DossierPart]:
    """How its orders were paid and what went back, what its providers' books and its bank say of it."""
    if subject.kind != "organization":
        return []
    parts = []
    for name, (kind, sql) in _PARTS.items():
        rows = [dict(row) for row in await fetch(sql, subject.id)]
        subjects = [Ref(kind, row["id"]) for row in rows] if kind else []
        parts.append(DossierPart(name=name, rows=rows, subjects=subjects))
    return parts
