"""What auditors get of funds: of one, or of all that an organization runs."""

from core.database import fetch
from core.funds import rules
from core.manifest import DossierPart
from core.reference import Ref

_FUNDS = """
select id, organization, region, name, summary, state, founded_at from fund
where ($1 = 'organization' and organization = $2) or ($1 = 'fund' and id = $2) order by id"""
_PURPOSES = "select id, fund, title from fund_purpose where fund = any($1) order by id"
_GIFTS = """
select id, fund, purpose, donor, display, amount_fen, method, receipt_no, received_on, state, recorded_by,
    recorded_at, confirmed_by, counted_at
from fund_gift where fund = any($1) order by id"""
_REQUESTS = """
select id, fund, foundation, organization, purpose, project, title, amount_fen, state, approval, asked_by,
    asked_at, checked_by, checked_at, prepared_by, payment_no, paid_by, paid_at, voucher_due_on, voucher_no,
    result, reported_by, reported_at, reason
from fund_request where fund = any($1) order by id"""
_LINES = """
select l.request, l.number, l.title, l.amount_fen from fund_request_line l
join fund_request r on r.id = l.request where r.fund = any($1) order by l.request, l.number"""


async def dossier(subject: Ref) -> list[DossierPart]:
    """Funds with their purposes, gifts (donors by id alone), requests and budgets."""
    if subject.kind not in ("organization", rules.FUND):
        return []
    funds = await fetch(_FUNDS, *subject)
    ids = [row["id"] for row in funds]
    found = [
        ("funds", rules.FUND, funds),
        ("fund_purposes", "fund_purpose", await fetch(_PURPOSES, ids)),
        ("fund_gifts", rules.GIFT, await fetch(_GIFTS, ids)),
        ("fund_requests", rules.REQUEST, await fetch(_REQUESTS, ids)),
        ("fund_request_lines", None, await fetch(_LINES, ids)),
    ]
    return [
        DossierPart(
            name=name,
            rows=[dict(row) for row in rows],
            subjects=[Ref(kind, row["id"]) for row in rows] if kind else [],
        )
        for name, kind, rows in found
    ]
