"""What of a batch is accepted, in the order in which it comes: decided without a database."""

from dataclasses import replace
from typing import Any

import pytest

from core.errors import YijiError
from core.evidence.errors import EvidenceMissing, EvidenceUsed
from core.ledger import rules
from core.ledger.errors import BalanceTooLow, TransferKeyReused, TransferRefused
from core.ledger.rules import Batch, Books, Entry, Outcome, Transfer
from core.ledger.rules.batches import AccountFacts, EvidenceFacts
from core.reference import Ref
from tests.core.ledger.test_rules import NOON

OUTSIDE, PUBLIC, FUND, MINUTES = 1, 2, 3, 4
CONTRACT = Ref("contract", 7)


def books(**changes: Any) -> Books:
    content: dict[str, Any] = {
        "accounts": {
            OUTSIDE: AccountFacts("CNY", None, False),
            PUBLIC: AccountFacts("CNY", 0, False),
            FUND: AccountFacts("CNY", 0, True),
            MINUTES: AccountFacts("MIN", 0, False),
        },
        "reasons": {"fee": ("", "fee"), "tranche": ("signature", "pay"), "bonus": ("signature", "pay")},
        "posted": {},
        "evidence": {
            5: EvidenceFacts("signature", str(CONTRACT), frozenset()),
            6: EvidenceFacts("signature", str(CONTRACT), frozenset({"pay"})),
            7: EvidenceFacts("signature", "contract:8", frozenset()),
            8: EvidenceFacts("midterm", str(CONTRACT), frozenset()),
        },
        "balances": {PUBLIC: 100, FUND: 100},
    }
    return Books(**(content | changes))


def move(key: str, source: int, target: int, amount: int, **changes: Any) -> Transfer:
    sound = Transfer(
        key=key,
        unit="CNY",
        reason="fee",
        cause=CONTRACT,
        occurred_at=NOON,
        entries=(Entry(source, -amount), Entry(target, amount)),
    )
    return replace(sound, **changes)


def decide(*transfers: Transfer, known: Books | None = None, start: int = 0) -> Batch:
    return rules.decide(transfers, [t.fingerprint() for t in transfers], known or books(), start)


def refusals(batch: Batch) -> dict[int, type[YijiError]]:
    return {n: type(outcome.refusal) for n, outcome in batch.settled.items() if outcome.refusal}


def test_sound_transfers_are_accepted_together() -> None:
    assert decide(move("a", OUTSIDE, PUBLIC, 5), move("b", OUTSIDE, FUND, 5)) == Batch(accepted=[0, 1])
    assert decide() == Batch()


WRONG = {
    "one leg": ({"entries": (Entry(OUTSIDE, -5),)}, TransferRefused),
    "nothing": ({"entries": (Entry(OUTSIDE, 0), Entry(PUBLIC, 0))}, TransferRefused),
    "unbalanced": ({"entries": (Entry(OUTSIDE, -5), Entry(PUBLIC, 6))}, TransferRefused),
    "no such account": ({"entries": (Entry(OUTSIDE, -5), Entry(99, 5))}, TransferRefused),
    "another unit's account": ({"entries": (Entry(OUTSIDE, -5), Entry(MINUTES, 5))}, TransferRefused),
    "another unit": ({"unit": "MIN"}, TransferRefused),
    "unknown reason": ({"reason": "bribe"}, TransferRefused),
    "evidence nobody asked for": ({"evidence_id": 5}, TransferRefused),
    "no evidence": ({"reason": "tranche"}, EvidenceMissing),
    "unknown evidence": ({"reason": "tranche", "evidence_id": 99}, EvidenceMissing),
    "evidence of another contract": ({"reason": "tranche", "evidence_id": 7}, EvidenceMissing),
    "evidence of another kind": ({"reason": "tranche", "evidence_id": 8}, EvidenceMissing),
    "used evidence": ({"reason": "tranche", "evidence_id": 6}, EvidenceUsed),
    "too much": ({"entries": (Entry(PUBLIC, -101), Entry(OUTSIDE, 101))}, BalanceTooLow),
    "too long a key": ({"key": "k" * 121}, TransferRefused),
    "too long a note": ({"note": "长" * 81}, TransferRefused),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_refused_one_leaves_no_trace_on_the_others(name: str) -> None:
    changes, refusal = WRONG[name]
    wrong = replace(move("b", OUTSIDE, PUBLIC, 5), **changes)
    batch = decide(move("a", PUBLIC, OUTSIDE, 60), wrong, wrong, move("c", PUBLIC, OUTSIDE, 40))
    assert (batch.accepted, refusals(batch)) == ([0, 3], {1: refusal, 2: refusal})


def test_lengths_up_to_the_limit_are_accepted() -> None:
    assert decide(move("k" * 120, OUTSIDE, PUBLIC, 5, note="长" * 80)).accepted == [0]


def test_an_account_reaches_its_floor_and_goes_no_lower() -> None:
    assert decide(move("a", PUBLIC, OUTSIDE, 100)).accepted == [0]
    batch = decide(
        move("a", PUBLIC, OUTSIDE, 99), move("b", PUBLIC, OUTSIDE, 2), move("c", PUBLIC, OUTSIDE, 1)
    )
    assert (batch.accepted, refusals(batch)) == ([0, 2], {1: BalanceTooLow})
    low = books(accounts=books().accounts | {PUBLIC: AccountFacts("CNY", -50, False)})
    batch = decide(move("a", PUBLIC, OUTSIDE, 150), move("b", PUBLIC, OUTSIDE, 1), known=low)
    assert (batch.accepted, refusals(batch)) == ([0], {1: BalanceTooLow})
    assert decide(move("a", OUTSIDE, PUBLIC, 10**15)).accepted == [0]


def test_money_can_be_spent_after_it_came_and_not_before() -> None:
    income, expense = move("in", OUTSIDE, PUBLIC, 50), move("out", PUBLIC, OUTSIDE, 150)
    assert decide(income, expense).accepted == [0, 1]
    batch = decide(expense, income)
    assert (batch.accepted, refusals(batch)) == ([1], {0: BalanceTooLow})


def test_legs_of_one_account_count_together() -> None:
    both_ways = (Entry(PUBLIC, -150), Entry(PUBLIC, 60), Entry(OUTSIDE, 90))
    assert decide(move("a", 1, 2, 1, entries=both_ways)).accepted == [0]
    twice = (Entry(PUBLIC, -60), Entry(PUBLIC, -60), Entry(OUTSIDE, 120))
    assert refusals(decide(move("a", 1, 2, 1, entries=twice))) == {0: BalanceTooLow}


def test_a_key_from_before_is_a_repeat_or_refused() -> None:
    first = move("a", PUBLIC, OUTSIDE, 100)
    known = books(posted={"a": (41, first.fingerprint())})
    batch = decide(first, replace(first, note="x"), move("b", PUBLIC, OUTSIDE, 100), known=known)
    assert batch.settled[0] == Outcome(41, is_repeat=True)
    assert (batch.accepted, refusals(batch)) == ([2], {1: TransferKeyReused})


def test_a_key_twice_in_one_batch_is_a_repeat_or_refused() -> None:
    first = move("a", PUBLIC, OUTSIDE, 60)
    batch = decide(first, first, replace(first, note="x"), first)
    assert (batch.accepted, batch.repeats) == ([0], {1: 0, 3: 0})
    assert refusals(batch) == {2: TransferKeyReused}
    too_much = move("a", PUBLIC, OUTSIDE, 101)  # refused, so its key is still free
    batch = decide(too_much, first)
    assert (batch.accepted, refusals(batch)) == ([1], {0: BalanceTooLow})


def test_evidence_serves_a_purpose_once_in_a_batch() -> None:
    tranche = {"reason": "tranche", "evidence_id": 5}
    batch = decide(
        move("a", PUBLIC, OUTSIDE, 101, **tranche),  # refused, so the evidence is not used
        move("b", OUTSIDE, PUBLIC, 5, **tranche),
        move("c", OUTSIDE, PUBLIC, 5, reason="bonus", evidence_id=5),
    )
    assert (batch.accepted, refusals(batch)) == ([1], {0: BalanceTooLow, 2: EvidenceUsed})


def test_it_stops_at_what_only_the_database_can_decide() -> None:
    draw = move("draw", FUND, PUBLIC, 80)
    rest = (draw, move("out", PUBLIC, OUTSIDE, 150), move("again", FUND, OUTSIDE, 30))
    known = books()
    assert decide(*rest, known=known) == Batch(alone=0)
    batch = decide(*rest, known=known, start=1)  # it was refused
    assert (batch.accepted, refusals(batch), batch.alone) == ([], {1: BalanceTooLow}, 2)

    rules.note(draw, known)  # it was accepted
    batch = decide(*rest, known=known, start=1)
    assert (batch.accepted, refusals(batch)) == ([1], {2: BalanceTooLow})

    reversal = move("back", OUTSIDE, PUBLIC, 5, reverses_id=1)
    batch = decide(move("a", OUTSIDE, PUBLIC, 5), reversal, move("b", OUTSIDE, PUBLIC, 5))
    assert (batch.accepted, batch.alone) == ([0], 1)
