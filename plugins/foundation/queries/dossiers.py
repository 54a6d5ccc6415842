"""What auditors get of a foundation, or of one of its funds: what donors agreed to and promised."""

from core.database import fetch
from core.manifest import DossierPart
from core.reference import Ref
from plugins.foundation.rules.agreements import AGREEMENT
from plugins.foundation.rules.pledges import PLEDGE

_OF = "where ($1 = 'organization' and {0}.organization = $2) or ($1 = 'fund' and {0}.fund = $2)"
# A donor is an id, or nobody: the names stand in the papers that both sides signed.
_PARTS = (
    (
        "agreements",
        AGREEMENT,
        "select a.id, a.organization, a.fund, a.donor, a.kind, a.what, a.quantity, a.quality, a.value_fen,"
        " foundation_agreement_received(a.id) as received_fen, a.uses, a.deliver_by, a.beneficiary, a.state,"
        " a.drafted_by, a.drafted_at, a.signed_on, a.signed_by, a.signed_at, a.delivered_no, a.reason,"
        " a.settled_reason, a.settled_by, a.ended_by, a.ended_at from foundation_agreement a"
        f" {_OF.format('a')} order by a.id",
    ),
    (
        "agreement_gifts",
        None,
        "select x.id, x.agreement, x.gift, x.linked_by, x.linked_at from foundation_agreement_gift x"
        f" join foundation_agreement a on a.id = x.agreement {_OF.format('a')} order by x.id",
    ),
    (
        "agreement_pledges",
        None,
        "select x.id, x.agreement, x.pledge, x.linked_by, x.linked_at from foundation_agreement_pledge x"
        f" join foundation_agreement a on a.id = x.agreement {_OF.format('a')} order by x.id",
    ),
    (
        "pledges",
        PLEDGE,
        "select p.id, p.organization, p.fund, p.purpose, p.donor, p.display, p.is_binding, p.total_fen,"
        " p.state, p.promised_on, p.recorded_by, p.recorded_at, p.ground, p.reason, p.withdrawn_by,"
        f" p.ended_at from foundation_pledge p {_OF.format('p')} order by p.id",
    ),
    (
        "pledge_parts",
        None,
        "select x.id, x.pledge, x.due_on, x.amount_fen from foundation_pledge_part x"
        f" join foundation_pledge p on p.id = x.pledge {_OF.format('p')} order by x.id",
    ),
    (
        "pledge_gifts",
        None,
        "select x.id, x.pledge, x.gift, x.linked_by, x.linked_at from foundation_pledge_gift x"
        f" join foundation_pledge p on p.id = x.pledge {_OF.format('p')} order by x.id",
    ),
)


async def dossier(subject: Ref) -> list[DossierPart]:
    """Agreements and pledges, with what fulfilled and kept them, and the signed papers."""
    if subject.kind not in ("organization", "fund"):
        return []
    found = []
    for name, kind, sql in _PARTS:  # six statements whatever there is
        rows = [dict(row) for row in await fetch(sql, *subject)]
        subjects = [Ref(kind, row["id"]) for row in rows] if kind else []
        found.append(DossierPart(name=f"foundation.{name}", rows=rows, subjects=subjects))
    return found
