"""Which accounts the garden moves: what a claim owes, line by line. Pure."""

from core.payments.rules import OrderLine
from plugins.garden.rules import Terms

MEMBERSHIP_FEE = "garden.membership_fee"
PLOT_FEE = "garden.plot_fee"
PUBLIC_ACCOUNT = "core.public"


def claim_lines(
    terms: Terms, *, account_id: int, garden: str, plot_number: int, with_membership: bool
) -> list[OrderLine]:
    """Membership once a year, then the plot; both go to the committee's public account."""
    membership = OrderLine(
        reason=MEMBERSHIP_FEE,
        account_id=account_id,
        amount_fen=terms.membership_fee_fen,
        note=garden,
    )
    plot = OrderLine(
        reason=PLOT_FEE,
        account_id=account_id,
        amount_fen=terms.plot_fee_fen,
        note=f"{garden} {plot_number} 号",
    )
    return [membership, plot] if with_membership else [plot]
