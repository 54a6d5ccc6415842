"""What auditors get of funds: of one, or of all that an organization runs."""

from core.database import fetch
from core.funds import rules
from core.funds.rules import agreements, changes, leaving
from core.manifest import DossierPart
from core.reference import Ref

_FUNDS = """
select id, organization, region, name, summary, state, founded_at from fund
where ($1 = 'organization' and organization = $2) or ($1 = 'fund' and id = $2) order by id"""
_PURPOSES = "select id, fund, title from fund_purpose where fund = any($1) order by id"
_AGREEMENTS = """
select id, fund, version, founder_kind, founder, purpose, uses, rights, ending, fee_percent, from_on,
    until_on, state, drafted_by, drafted_at, signed_on, signed_by, signed_at
from fund_agreement where fund = any($1) order by id"""
_GIFTS = """
select id, fund, purpose, donor, display, amount_fen, method, receipt_no, received_on, state, recorded_by,
    recorded_at, confirmed_by, counted_at, "order", returned_fen, returned_at
from fund_gift where fund = any($1) order by id"""
_REQUESTS = """
select id, fund, foundation, organization, purpose, project, title, amount_fen, state, approval, asked_by,
    asked_at, checked_by, checked_at, prepared_by, payment_no, paid_by, paid_at, voucher_due_on, voucher_no,
    result, reported_by, reported_at, reason, returned_fen
from fund_request where fund = any($1) order by id"""
_REFUNDS = """
select r.id, r.gift, r.amount_fen, r.reason, r.payment_no, r.state, r.prepared_by, r.prepared_at, r.signed_by,
    r.signed_at
from fund_refund r join fund_gift g on g.id = r.gift where g.fund = any($1) order by r.id"""
_RECEIPTS = """
select r.id, r.gift, r.number, r.amount_fen, r.returned_fen, r.issued_at, r.issued_by, r.voided_at
from fund_receipt r join fund_gift g on g.id = r.gift where g.fund = any($1) order by r.id"""
_FISCAL = """
select x.id, x.gift, x.code, x.number, x.check_code, x.issued_on, x.recorded_by, x.recorded_at, x.replaced_at
from fund_fiscal x join fund_gift g on g.id = x.gift where g.fund = any($1) order by x.id"""
# Made out to whom, is the donor's and the treasurer's business.
_FISCAL_WISHES = """
select w.id, w.gift, w.asked_by, w.asked_at from fund_fiscal_wish w join fund_gift g on g.id = w.gift
where g.fund = any($1) order by w.id"""
_LEFTOVERS = """
select id, fund, to_fund, to_purpose, reason, state, approval, proposed_by, proposed_at, moved_fen, moved_by,
    moved_at
from fund_leftover where fund = any($1) or to_fund = any($1) order by id"""
_CHANGES = """
select id, fund, from_purpose, to_purpose, reason, state, silence_counts, answers_until, proposed_by,
    proposed_at, moved_fen, done_by, done_at
from fund_change where fund = any($1) order by id"""
_ANSWERS = """
select w.change, w.gift, w.answer, w.answered_at from fund_change_answer w
join fund_change c on c.id = w.change where c.fund = any($1) order by w.id"""
_LOTS = """
select l.id, a.owner_id as fund, l.origin_id as gift, l.restriction, l.amount as amount_fen, l.received_at,
    (select coalesce(sum(p.amount), 0)::bigint from ledger_lot_part p where p.lot = l.id
        and p.account = a.id) as left_fen
from ledger_account a join ledger_lot l on l.account = a.id
where a.owner_kind = 'fund' and a.owner_id = any($1) and a.kind = 'core.fund' order by l.id"""
_LOT_USES = """
select m.id, m.lot, t.reason, t.cause_kind, t.cause_id, m.amount as amount_fen,
    m.to_account is not null as came_into_lots, t.occurred_at
from ledger_account a join ledger_lot l on l.account = a.id join ledger_lot_move m on m.lot = l.id
join ledger_transfer t on t.id = m.transfer
where a.owner_kind = 'fund' and a.owner_id = any($1) and a.kind = 'core.fund' order by m.id"""
_BALLOTS = """
select a.id, a.subject_kind, a.subject_id, a.needed, a.quorum, a.share_numerator, a.share_denominator,
    a.voters, a.state, a.opened_at, a.deadline, a.closed_at
from approval a where a.id in (select approval from fund_request where fund = any($1)
    union select approval from fund_leftover where fund = any($1)) order by a.id"""
_VOTES = """
select approval, person, choice, reason, cast_at from approval_vote where approval = any($1) order by id"""
_RECUSALS = """
select approval, person, code, title, reason, recorded_at from approval_recusal
where approval = any($1) order by id"""
_LINES = """
select l.request, l.number, l.title, l.amount_fen from fund_request_line l
join fund_request r on r.id = l.request where r.fund = any($1) order by l.request, l.number"""

_WARNINGS = """
select w.id, w.request, w.code, w.person, w.amount_fen, w.found_at, w.explained, w.explained_by,
    w.explained_at
from fund_warning w join fund_request r on r.id = w.request where r.fund = any($1) order by w.id"""
_PAYBACKS = """
select b.id, b.request, b.amount_fen, b.slip_no, b.reason, b.state, b.prepared_by, b.prepared_at, b.signed_by,
    b.signed_at
from fund_payback b join fund_request r on r.id = b.request where r.fund = any($1) order by b.id"""
_AWARE = """
select a.id, a.request, a.step, a.reason, a.person, a.said_at
from fund_aware a join fund_request r on r.id = a.request where r.fund = any($1) order by a.id"""


async def dossier(subject: Ref) -> list[DossierPart]:
    """Funds with all that is on record of them; donors by id alone."""
    if subject.kind not in ("organization", rules.FUND):
        return []
    funds = await fetch(_FUNDS, *subject)
    ids = [row["id"] for row in funds]
    ballots = await fetch(_BALLOTS, ids)
    asked = [row["id"] for row in ballots]
    found = [
        ("funds", rules.FUND, funds),
        ("fund_purposes", "fund_purpose", await fetch(_PURPOSES, ids)),
        ("fund_agreements", agreements.AGREEMENT, await fetch(_AGREEMENTS, ids)),
        ("fund_gifts", rules.GIFT, await fetch(_GIFTS, ids)),
        ("fund_requests", rules.REQUEST, await fetch(_REQUESTS, ids)),
        ("fund_request_lines", None, await fetch(_LINES, ids)),
        ("fund_warnings", None, await fetch(_WARNINGS, ids)),
        ("fund_aware", None, await fetch(_AWARE, ids)),
        ("fund_paybacks", leaving.PAYBACKS.code, await fetch(_PAYBACKS, ids)),
        ("fund_refunds", leaving.REFUND, await fetch(_REFUNDS, ids)),
        ("fund_receipts", "fund_receipt", await fetch(_RECEIPTS, ids)),
        ("fund_fiscal", None, await fetch(_FISCAL, ids)),
        ("fund_fiscal_wishes", None, await fetch(_FISCAL_WISHES, ids)),
        ("fund_leftovers", leaving.LEFTOVER, await fetch(_LEFTOVERS, ids)),
        ("fund_changes", changes.CHANGE, await fetch(_CHANGES, ids)),
        ("fund_change_answers", None, await fetch(_ANSWERS, ids)),
        ("fund_lots", None, await fetch(_LOTS, ids)),
        ("fund_lot_moves", None, await fetch(_LOT_USES, ids)),
        ("fund_ballots", "approval", ballots),
        ("fund_votes", None, await fetch(_VOTES, asked)),
        ("fund_recusals", None, await fetch(_RECUSALS, asked)),
    ]
    return [
        DossierPart(
            name=name,
            rows=[dict(row) for row in rows],
            subjects=[Ref(kind, row["id"]) for row in rows] if kind else [],
        )
        for name, kind, rows in found
    ]
