"""Which providers there are, by `register_payment_providers`, and what none of them tells."""

import pytest

from core import plugins
from core.payments.providers import CAPTURED, REFUND_FAILED, REFUNDED, Credentials, Move, Snapshot, provider
from tests.core.payments.test_rules import NOON


def test_stripe_is_registered_and_a_stranger_is_not() -> None:
    assert provider("stripe").id == "stripe"
    ids = [one.id for one in plugins.contributions("register_payment_providers")]
    assert len(ids) == len(set(ids))
    with pytest.raises(LookupError, match="paypal"):
        provider("paypal")


def test_credentials_are_not_told_by_being_shown() -> None:
    assert "sk_test" not in repr(Credentials({"secret_key": "sk_test_1"}))


def test_what_has_gone_back_is_not_held() -> None:
    def move(kind: str, amount_fen: int) -> Move:
        return Move(kind=kind, external_id="x", amount_fen=amount_fen, happened_at=NOON)

    def is_held(*moves: Move) -> bool:
        return Snapshot(reference="r", state="succeeded", moves=moves).is_held

    assert not is_held()
    assert is_held(move(CAPTURED, 5))
    assert is_held(move(CAPTURED, 5), move(REFUNDED, 4))
    assert not is_held(move(CAPTURED, 5), move(REFUNDED, 5))
    assert is_held(move(CAPTURED, 5), move(REFUNDED, 5), move(REFUND_FAILED, 5))
