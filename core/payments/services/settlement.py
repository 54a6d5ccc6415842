"""One attempt against what the provider says: what is missing is written, the state derived from sums."""

from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch, fetch_row
from core.events.services import record_event
from core.ledger import services as ledger
from core.ledger.errors import BalanceTooLow
from core.ledger.rules import Entry, Transfer
from core.payments import postings, queries, rules
from core.payments.providers import CAPTURED, DISPUTED, REFUND_FAILED, REFUNDED, RETURNS, Move, Snapshot
from core.payments.rules import disputes, refunds
from core.payments.rules.online import CURRENCY, FAILED
from core.payments.services.orders import tell_paid
from core.reference import Ref


class Settlement:
    """Inside a unit of work. Locks the order, then the attempt."""

    def __init__(self, attempt_id: int, organization_id: int, snapshot: Snapshot) -> None:
        self.attempt_id, self.snapshot = attempt_id, snapshot
        self.owner = Ref("organization", organization_id)
        self.transfers: list[Transfer] = []

    async def write(self) -> None:
        """Write missing facts and postings, what became of refunds and disputes; derive the state."""
        order_id = (await queries.attempt(self.attempt_id)).order_id
        self.order = await queries.order(order_id, lock=True)
        self.attempt = await queries.attempt(self.attempt_id, lock=True)
        self.problem, seen = self.attempt.problem, self.snapshot.state
        if self.snapshot.moves and self.snapshot.currency != CURRENCY:
            self.problem, seen = "currency" if self.snapshot.is_held else "", FAILED
        else:
            for move in self.snapshot.moves:
                await self._take(move)
        await self._post()
        await self._derive(seen)
        await self._move_disputes()

    async def _take(self, move: Move) -> None:
        gone_fen = (await self._sums()).gone_fen
        if await self._is_new(move):
            self.transfers += await self._transfers(move, gone_fen)
            await self._move_refund(move)

    async def _is_new(self, move: Move) -> bool:
        return bool(
            await current_unit().connection.fetchval(
                "insert into payment_fact (attempt, kind, external_id, amount_fen, happened_at, noted_at)"
                " values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning true",
                self.attempt_id,
                move.kind,
                move.external_id,
                move.amount_fen,
                move.happened_at,
                clock.now(),
            )
        )

    def _key(self, kind: str, external_id: str) -> str:
        return f"payment:{self.attempt_id}:{kind}:{external_id}"

    async def _transfers(self, move: Move, gone_fen: int) -> list[Transfer]:
        key = self._key(move.kind, move.external_id)
        if move.kind == CAPTURED:
            return await self._received(move, key)
        if move.kind in RETURNS:
            await self._post()  # it may be the same answer that tells of both
            left = await self._posted(self._key(RETURNS[move.kind], move.external_id))
            return postings.come_again(left, key=key, occurred_at=move.happened_at)
        if self.problem in rules.UNASSIGNED:
            parts = [(await self._account(postings.UNASSIGNED), move.amount_fen)]
        else:
            lines = await queries.lines(self.order.id)
            parts = postings.refund_parts(lines, gone_fen=gone_fen, amount_fen=move.amount_fen)
        return postings.gone_back(
            self.order.id,
            parts,
            key=key,
            reason=postings.DISPUTE if move.kind == DISPUTED else postings.REFUND,
            source_account_id=await self._account(postings.ONLINE),
            occurred_at=move.happened_at,
        )

    async def _posted(self, key: str) -> list[Transfer]:
        """What stands in the ledger of money that has left: out of the loss account too, where it was."""
        lines = await queries.lines(self.order.id)
        rows = await fetch(
            "select t.key, t.unit, t.reason, t.occurred_at,"
            " array_agg(e.account order by e.account) as accounts,"
            " array_agg(e.amount order by e.account) as amounts"
            " from ledger_transfer t join ledger_entry e on e.transfer = t.id"
            " where t.key = any($1) group by t.id order by t.id",
            [postings.part_key(key, number) for number in range(1, len(lines) + 1)],
        )
        return [
            Transfer(
                key=row["key"],
                unit=row["unit"],
                reason=row["reason"],
                cause=Ref("order", self.order.id),
                occurred_at=row["occurred_at"],
                entries=tuple(map(Entry, row["accounts"], row["amounts"])),
            )
            for row in rows
        ]

    async def _received(self, move: Move, key: str) -> list[Transfer]:
        landed = rules.landing(
            self.order,
            self.attempt,
            amount_fen=move.amount_fen,
            currency=self.snapshot.currency,
            paid_at=move.happened_at,
        )
        self.problem = landed.problem
        source = await self._account(postings.ONLINE)
        if not landed.pays_order:
            return [
                postings.unassigned(
                    self.order.id,
                    move.amount_fen,
                    key=key,
                    source_account_id=source,
                    account_id=await self._account(postings.UNASSIGNED),
                    occurred_at=move.happened_at,
                )
            ]
        await advance(
            rules.ORDERS,
            "order.paid_online",
            self.order.id,
            actor_id=None,
            facts={"amount_fen": move.amount_fen, "payment": self.attempt_id},
            closed_at=clock.now(),
        )
        tell_paid(self.order)
        return postings.receipt(
            self.order.id,
            await queries.lines(self.order.id),
            key=key,
            source_account_id=source,
            occurred_at=move.happened_at,
        )

    async def _account(self, kind: str) -> int:
        return await ledger.open_account(self.owner, kind=kind, unit=postings.UNIT)

    async def _post(self) -> None:
        """What goes back of money that is spent already is a loss: it has left in any case."""
        transfers, self.transfers = self.transfers, []
        if not transfers:
            return
        outcomes = await ledger.post_many(transfers)
        short = []
        for transfer, outcome in zip(transfers, outcomes, strict=True):
            if isinstance(outcome.refusal, BalanceTooLow):
                short.append(postings.from_loss(transfer, await self._account(postings.REFUND_LOSS)))
            elif outcome.refusal is not None:
                raise outcome.refusal
        if short:
            for outcome in await ledger.post_many(short):
                if outcome.refusal is not None:
                    raise outcome.refusal

    async def _sums(self) -> queries.Sums:
        return await queries.sums(self.attempt_id)

    async def _derive(self, seen: str) -> None:
        found = await self._sums()
        state = rules.next_state(
            self.attempt.state, seen, captured_fen=found.captured_fen, refunded_fen=found.refunded_fen
        )
        columns: dict[str, Any] = {
            "captured_fen": found.captured_fen,
            "refunded_fen": found.refunded_fen,
            "problem": self.problem,
            "checked_at": clock.now(),
        }
        if state != self.attempt.state:
            await advance(rules.ATTEMPTS, f"payment.{state}", self.attempt_id, actor_id=None, **columns)
        else:
            await current_unit().connection.execute(
                "update payment_attempt set captured_fen = $2, refunded_fen = $3, problem = $4,"
                " checked_at = $5 where id = $1",
                self.attempt_id,
                *columns.values(),
            )

    async def _move_refund(self, move: Move) -> None:
        """The refund that a treasurer asked for has gone, or failed; the payer is told of any."""
        if move.kind not in (REFUNDED, REFUND_FAILED):
            return
        row = await fetch_row(
            "update payment_refund set external_id = $2 where attempt = $1"
            " and (external_id = $2 or external_id is null and reference = $3 and $3 <> '') returning id",
            self.attempt_id,
            move.external_id,
            move.reference,
        )
        has_failed = move.kind == REFUND_FAILED
        if row is not None:
            await advance(
                rules.REFUNDS,
                "refund.failed" if has_failed else "refund.sent",
                row["id"],
                actor_id=None,
                problem="bank" if has_failed else "",
                ended_at=clock.now(),
            )
        tell_returned(
            self.order, amount_fen=move.amount_fen, outcome=refunds.FAILED if has_failed else refunds.SENT
        )

    async def _move_disputes(self) -> None:
        for seen in self.snapshot.disputes:
            known = await fetch_row(
                "insert into payment_dispute (attempt, external_id, amount_fen, reason, opened_at, due_at)"
                " values ($1, $2, $3, left($4, 60), $5, $6) on conflict (attempt, external_id)"
                " do update set due_at = excluded.due_at returning id, state, xmax = 0 as is_new",
                self.attempt_id,
                seen.external_id,
                seen.amount_fen,
                seen.reason,
                seen.opened_at,
                seen.due_at,
            )
            assert known is not None
            dispute = Ref(rules.DISPUTES.code, known["id"])
            if known["is_new"]:
                record_audit("dispute.opened", dispute, actor_id=None)
                record_event("dispute_moved", dispute, dispute_id=dispute.id, state=disputes.OPEN)
            if seen.state not in (known["state"], disputes.OPEN):
                code = f"dispute.{seen.state}"
                await advance(rules.DISPUTES, code, dispute.id, actor_id=None, closed_at=clock.now())
                record_event("dispute_moved", dispute, dispute_id=dispute.id, state=seen.state)


def tell_returned(order: rules.Order, *, amount_fen: int, outcome: str = refunds.SENT) -> None:
    """Let it be known that money of an order has gone back, or come again, in the caller's unit of work."""
    record_event(
        "money_returned",
        Ref("order", order.id),
        order_id=order.id,
        cause_kind=order.cause.kind,
        cause_id=order.cause.id,
        amount_fen=amount_fen,
        outcome=outcome,
    )
