"""What a receipt of a gift says and how it is numbered (慈善法 38). Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from core.funds.errors.receipts import NothingToAcknowledge, ReceiptNotYet
from core.funds.rules import states
from core.language import mark

RECEIPT = "fund_receipt"
SIGNED_AS = "core.fund_receipt"
TITLE, NO_NAME = mark("捐赠回执"), mark("匿名")
# Whose chosen name is not published.
WELL_WISHER = mark("爱心人士")


def number_of(receipt_id: int, today: date) -> str:
    """HZ, the year, and eight digits."""
    return f"HZ{today:%Y}{receipt_id:08}"


def check_issue(state: str, left_fen: int) -> None:
    """Raise ReceiptNotYet before the money is counted, NothingToAcknowledge once all of it has gone back."""
    if state != states.COUNTED:
        raise ReceiptNotYet
    if left_fen <= 0:
        raise NothingToAcknowledge


def statement(
    *,
    issuer: str,
    number: str,
    issued_at: datetime,
    donor: str,
    amount_fen: int,
    organization: str,
    uscc: str | None,
    received_on: date,
) -> Mapping[str, object]:
    """What is signed; iss, jti and iat are the names of RFC 7519."""
    return {
        "iss": issuer,
        "jti": number,
        "iat": int(issued_at.timestamp()),
        "donor": donor,
        "kind": "money",
        "amount_fen": amount_fen,
        "organization": organization,
        "uscc": uscc or "",
        "received": received_on,
        "fiscal": False,
    }
