"""What every payment provider keeps: subclass `ProviderConformance`, give it a `play`, and run pytest.

A `play` is your adapter together with a place that answers it as your provider would, on this machine. The
suite knows neither HTTP nor our database: it asks of an adapter what `core.payments.services` rely on.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import pytest

from core import clock
from core.payments.errors import CredentialsRefused
from core.payments.providers import (
    CAPTURED,
    DISPUTE_RETURNED,
    DISPUTED,
    REFUND_FAILED,
    REFUNDED,
    BadSignature,
    Credentials,
    PaymentIntent,
    PaymentProvider,
    ProviderRefused,
    ProviderSilent,
    RefundRequest,
    SettlementLine,
    Snapshot,
    Started,
    check_fields,
)

DISPUTES, SETTLEMENTS = "disputes", "settlements"


class Play(Protocol):
    """An adapter and the other side of it. `plays`: what the provider has of DISPUTES, SETTLEMENTS."""

    provider: PaymentProvider
    credentials: Credentials
    plays: frozenset[str]

    def wrong_key(self) -> Credentials:
        """Like `credentials`, with a key that opens nothing."""

    def wrong_signature(self) -> Credentials:
        """Like `credentials`, as if somebody else signed its notifications."""

    def pay(self, external_id: str) -> None:
        """The payer pays."""

    def refund_elsewhere(self, external_id: str, amount_fen: int) -> None:
        """The payee sends money back on the provider's own pages."""

    def fail_refund(self, refund_id: str) -> None:
        """The payer's bank does not take it."""

    def dispute(self, external_id: str, outcome: str) -> None:
        """`outcome`: disputed, then won or lost."""

    def lose_answers(self, how_many: int, *, applied: bool) -> None:
        """The next calls get no answer: before they were done, or after."""

    def books_at(self) -> datetime:
        """When the provider's own books tell of what happens now."""

    def opened(self) -> int:
        """How many payments are open or were."""

    def notification(
        self, external_id: str, *, age: timedelta = timedelta()
    ) -> tuple[bytes, Mapping[str, str]]:
        """What the provider tells of the payment, signed so long ago; header names in lower case."""


class ProviderConformance:
    """All of it in CNY. Each test opens payments of its own."""

    AMOUNT_FEN = 3500
    CALLS_MOST = 10  # more often than any library repeats by itself

    @pytest.fixture
    def play(self) -> Play:
        """Yours."""
        raise NotImplementedError("give your adapter and its other side")

    def intent(self, play: Play) -> PaymentIntent:
        """A payment that waits to be opened."""
        return PaymentIntent(
            reference=secrets.token_hex(16),
            amount_fen=self.AMOUNT_FEN,
            title="测试缴费单 1",
            return_url="http://yiji.test/orders/1/return",
            cancel_url="http://yiji.test/orders/1",
            notify_url="http://yiji.test/notify",
            expires_at=(clock.now() + timedelta(hours=1)).replace(microsecond=0),
        )

    def paid(self, play: Play) -> tuple[PaymentIntent, Started]:
        """A payment with its money."""
        intent = self.intent(play)
        started = play.provider.start(intent, play.credentials)
        play.pay(started.external_id)
        return intent, started

    def look(self, play: Play, started: Started, *refunds: str) -> Snapshot:
        """What the provider says now. `refunds`: those of which we know."""
        return play.provider.fetch(started.external_id, play.credentials, refunds)

    def lines(self, play: Play) -> Sequence[SettlementLine]:
        """What the provider's own books say of this day, as soon as they do."""
        since = clock.now() - timedelta(minutes=1)
        with clock.frozen(play.books_at()):
            return play.provider.settlements(since, play.credentials)

    def check_not_told(self, play: Play, error: Exception) -> None:
        """An error may be logged: it must not hold what opens the account."""
        secret = [play.credentials[one.name] for one in play.provider.fields if one.is_secret]
        assert not any(value and value in str(error) for value in secret)

    def test_it_says_what_it_is_and_what_it_needs(self, play: Play) -> None:
        names = [field.name for field in play.provider.fields]
        assert len(names) == len(set(names)) > 0
        assert play.provider.title
        assert play.provider.words
        assert any(field.is_secret for field in play.provider.fields)
        given = {name: play.credentials[name] for name in names}
        assert check_fields(play.provider.fields, given).values == given
        with pytest.raises(CredentialsRefused) as refusal:
            check_fields(play.provider.fields, {})
        needed = {field.name for field in play.provider.fields if not field.is_optional}
        assert set(refusal.value.reasons()) == needed
        with pytest.raises(CredentialsRefused) as refusal:
            check_fields(play.provider.fields, dict.fromkeys(names, "?"))
        assert set(refusal.value.reasons()) == set(names)

    def test_practising_is_not_live(self, play: Play) -> None:
        assert not play.provider.is_live(play.credentials)
        assert play.provider.can_verify(play.credentials)

    def test_the_same_reference_opens_one_payment(self, play: Play) -> None:
        intent = self.intent(play)
        first = play.provider.start(intent, play.credentials)
        assert play.provider.start(intent, play.credentials) == first
        assert (play.opened(), bool(first.url)) == (1, True)

    def test_a_call_that_was_done_and_lost_opens_one_payment(self, play: Play) -> None:
        intent = self.intent(play)
        play.lose_answers(1, applied=True)
        for _ in range(self.CALLS_MOST):
            try:
                play.provider.start(intent, play.credentials)
                break
            except ProviderSilent:
                continue
        assert play.opened() == 1

    def test_what_was_paid_before_we_noted_it_is_no_refusal(self, play: Play) -> None:
        """Killed between call and commit, and paid meanwhile: asked again, it says which one it is."""
        intent, started = self.paid(play)
        assert play.provider.start(intent, play.credentials).external_id == started.external_id
        assert play.opened() == 1

    def test_no_answer_is_no_answer(self, play: Play) -> None:
        play.lose_answers(self.CALLS_MOST, applied=False)
        with pytest.raises(ProviderSilent) as silence:
            play.provider.start(self.intent(play), play.credentials)
        self.check_not_told(play, silence.value)

    def test_what_is_not_paid_moves_nothing(self, play: Play) -> None:
        intent = self.intent(play)
        seen = self.look(play, play.provider.start(intent, play.credentials))
        assert (seen.reference, seen.state, list(seen.moves)) == (intent.reference, "pending", [])

    def test_money_comes_once_under_one_name(self, play: Play) -> None:
        intent, started = self.paid(play)
        seen, again = self.look(play, started), self.look(play, started)
        assert (seen.reference, seen.state, seen.currency) == (intent.reference, "succeeded", "cny")
        (move,) = seen.moves
        assert (move.kind, move.amount_fen) == (CAPTURED, self.AMOUNT_FEN)
        assert again.moves == seen.moves
        assert abs(move.happened_at - clock.now()) < timedelta(hours=1)

    def test_a_closed_payment_takes_no_money_and_a_paid_one_says_so(self, play: Play) -> None:
        open_one = play.provider.start(self.intent(play), play.credentials)
        for _ in range(2):
            assert play.provider.close(open_one.external_id, play.credentials).state == "expired"
        with pytest.raises(Exception):  # noqa: B017, PT011  (however the other side refuses)
            play.pay(open_one.external_id)
        _, paid = self.paid(play)
        assert play.provider.close(paid.external_id, play.credentials).state == "succeeded"

    def wanted(self, intent: PaymentIntent, started: Started, amount_fen: int) -> RefundRequest:
        """A refund that is asked for."""
        return RefundRequest(
            reference=secrets.token_hex(16),
            payment=intent.reference,
            external_id=started.external_id,
            amount_fen=amount_fen,
            notify_url="http://yiji.test/notify",
        )

    def test_a_refund_goes_once_and_is_known_as_ours(self, play: Play) -> None:
        intent, started = self.paid(play)
        wanted = self.wanted(intent, started, 1000)
        play.lose_answers(1, applied=True)
        names = set()
        for _ in range(self.CALLS_MOST):
            try:
                names.add(play.provider.refund(wanted, play.credentials))
            except ProviderSilent:
                continue
        (name,) = names
        seen = self.look(play, started, wanted.reference, secrets.token_hex(16))
        (gone,) = [move for move in seen.moves if move.kind == REFUNDED]
        assert (gone.external_id, gone.amount_fen) == (name, 1000)
        assert gone.reference == wanted.reference

    def test_no_more_goes_back_than_came(self, play: Play) -> None:
        intent, started = self.paid(play)
        play.provider.refund(self.wanted(intent, started, self.AMOUNT_FEN), play.credentials)
        with pytest.raises(ProviderRefused) as refusal:
            play.provider.refund(self.wanted(intent, started, 1), play.credentials)
        self.check_not_told(play, refusal.value)

    def test_a_refund_made_elsewhere_and_one_that_failed_are_told(self, play: Play) -> None:
        intent, started = self.paid(play)
        play.refund_elsewhere(started.external_id, 500)
        ours = play.provider.refund(self.wanted(intent, started, 300), play.credentials)
        play.fail_refund(ours)
        # Of what was done elsewhere, some tell at once, and some by their books.
        told = [one.source for one in self.lines(play) if one.kind == REFUNDED]
        moves = self.look(play, started, *{ours, *told}).moves
        assert sorted((move.kind, move.amount_fen) for move in moves) == sorted(
            [(CAPTURED, self.AMOUNT_FEN), (REFUNDED, 500), (REFUNDED, 300), (REFUND_FAILED, 300)]
        )
        assert len({(move.kind, move.external_id) for move in moves}) == len(moves)

    def test_a_dispute_takes_the_money_and_may_give_it_back(self, play: Play) -> None:
        if DISPUTES not in play.plays:
            pytest.skip("the provider has no disputes")
        _, started = self.paid(play)
        play.dispute(started.external_id, "disputed")
        (dispute,) = self.look(play, started).disputes
        assert (dispute.state, dispute.amount_fen) == ("open", self.AMOUNT_FEN)
        play.dispute(started.external_id, "won")
        seen = self.look(play, started)
        assert [one.state for one in seen.disputes] == ["won"]
        kinds = {(move.kind, move.external_id) for move in seen.moves if move.kind != CAPTURED}
        assert kinds == {(DISPUTED, dispute.external_id), (DISPUTE_RETURNED, dispute.external_id)}

    def test_the_providers_own_books_name_the_same_moves(self, play: Play) -> None:
        if SETTLEMENTS not in play.plays:
            pytest.skip("the provider has no list of settlements")
        intent, started = self.paid(play)
        name = play.provider.refund(self.wanted(intent, started, 1000), play.credentials)
        moves = {(move.kind, move.external_id): move for move in self.look(play, started, name).moves}
        lines = self.lines(play)
        assert {(line.kind, line.source) for line in lines} == set(moves)
        assert len({line.external_id for line in lines}) == len(lines)
        for line in lines:
            assert line.paid_fen in (None, moves[line.kind, line.source].amount_fen)
            assert (line.amount < 0) == (line.kind == REFUNDED)

    def test_a_key_opens_its_account_and_a_wrong_one_none(self, play: Play) -> None:
        play.provider.check(play.credentials)
        with pytest.raises(ProviderRefused):
            play.provider.check(play.wrong_key())

    def test_a_notification_is_verified_over_its_bytes(self, play: Play) -> None:
        intent, started = self.paid(play)
        body, headers = play.notification(started.external_id)
        notice = play.provider.parse_notification(body, headers, play.credentials)
        assert (notice.reference, notice.is_live) == (intent.reference, False)
        assert notice.external_id
        for wrong_body, wrong_headers, credentials in (
            (body + b" ", headers, play.credentials),
            (b"", headers, play.credentials),
            (b"\xff\x00", headers, play.credentials),
            (body, {}, play.credentials),
            (body, dict.fromkeys(headers, "x"), play.credentials),
            (body, headers, play.wrong_signature()),
        ):
            with pytest.raises(BadSignature):
                play.provider.parse_notification(wrong_body, wrong_headers, credentials)

    @pytest.mark.parametrize("age", [timedelta(days=1), timedelta(days=-1)])
    def test_a_notification_is_of_this_time(self, play: Play, age: timedelta) -> None:
        _, started = self.paid(play)
        body, headers = play.notification(started.external_id, age=age)
        with pytest.raises(BadSignature):
            play.provider.parse_notification(body, headers, play.credentials)
