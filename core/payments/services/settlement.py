"""Attempts against what the provider says of them: what is missing is written, the states derived from sums.

Many at once, in statements over all of them; one is a batch of one. The order of steps is the order in which
everybody locks: orders, attempts, what the orders are for, accounts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from core import clock
from core.audit.services import Step, advance_each, advance_many, record_audit
from core.database import current_unit, fetch
from core.events.services import record_event
from core.ledger import services as ledger
from core.ledger.errors import BalanceTooLow, LotsTooLow
from core.ledger.queries import lying
from core.ledger.rules import Entry, Transfer
from core.payments import postings, queries, rules
from core.payments.providers import CAPTURED, DISPUTED, REFUND_FAILED, REFUNDED, RETURNS, Move, Snapshot
from core.payments.queries import Sums
from core.payments.rules import disputes, refunds
from core.payments.rules.online import CURRENCY, FAILED
from core.payments.services import causes
from core.reference import Ref

_FACTS = (
    "insert into payment_fact (attempt, kind, external_id, amount_fen, happened_at, noted_at)"
    " select n.attempt, n.kind, n.external_id, n.amount_fen, n.happened_at, $1"
    " from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])"
    " as n (attempt, kind, external_id, amount_fen, happened_at) on conflict do nothing"
    " returning attempt, kind, external_id"
)
_SUMS = {"captured_fen": "bigint", "refunded_fen": "bigint", "problem": "text", "checked_at": "timestamptz"}
_SAME_STATE = (
    "update payment_attempt a set captured_fen = n.captured_fen, refunded_fen = n.refunded_fen,"
    " problem = n.problem, checked_at = n.checked_at"
    " from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[])"
    " as n (id, captured_fen, refunded_fen, problem, checked_at) where a.id = n.id"
)
_REFUNDS = (
    "update payment_refund r set external_id = n.external_id"
    " from unnest($1::bigint[], $2::text[], $3::text[]) as n (attempt, external_id, reference)"
    " where r.attempt = n.attempt and (r.external_id = n.external_id"
    " or r.external_id is null and r.reference = n.reference and n.reference <> '') returning r.id"
)
_DISPUTES = (
    "insert into payment_dispute (attempt, external_id, amount_fen, reason, opened_at, due_at)"
    " select n.attempt, n.external_id, n.amount_fen, left(n.reason, 60), n.opened_at, n.due_at"
    " from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[])"
    " as n (attempt, external_id, amount_fen, reason, opened_at, due_at)"
    " on conflict (attempt, external_id) do update set due_at = excluded.due_at"
    " returning id, attempt, external_id, state, xmax = 0 as is_new"
)
_POSTED = (
    "select t.id, t.key, t.unit, t.reason, t.cause_kind, t.cause_id, t.occurred_at,"
    " array_agg(e.account order by e.leg) as accounts, array_agg(e.amount order by e.leg) as amounts"
    " from ledger_transfer t join ledger_entry e on e.transfer = t.id where t.key = any($1)"
    " group by t.id order by t.id"
)


@dataclass(eq=False)
class _Case:
    """One attempt of the batch: what is known of it, and which moves of its snapshot are new."""

    attempt: rules.Attempt
    snapshot: Snapshot
    lines: Sequence[rules.OrderLine]
    sums: Sums
    problem: str
    seen: str
    new: list[Move] = field(default_factory=list)

    def key(self, kind: str, external_id: str) -> str:
        return f"payment:{self.attempt.id}:{kind}:{external_id}"


class Settlement:
    """Inside a unit of work. `seen`: attempt -> what the provider says; all of one organization."""

    def __init__(self, organization_id: int, seen: dict[int, Snapshot]) -> None:
        self.owner, self.seen = Ref("organization", organization_id), seen
        self._accounts: dict[str, int] = {}

    async def write(self) -> None:
        """Write missing facts and postings, what became of refunds and disputes; derive the states."""
        await self._lock()
        await self._note_facts()
        await self._land()
        await self._derive()
        await self._move_refunds()
        await self._move_disputes()
        concerned = {case.attempt.order_id for case in self.cases if _goes_back(case)}
        await causes.note_returned([self.orders[order_id] for order_id in sorted(concerned)])
        await self._post()

    async def _lock(self) -> None:
        ids = list(self.seen)
        order_ids = await queries.orders_of_attempts(ids)
        self.orders = {order.id: order for order in await queries.locked_orders(order_ids)}
        attempts = await queries.locked_attempts(ids)
        lines = await queries.lines_of(order_ids)
        sums = await queries.sums_of(ids)
        self.cases = [
            _case(one, self.seen[one.id], lines[one.order_id], sums.get(one.id, Sums(0, 0, 0)))
            for one in attempts
        ]

    async def _note_facts(self) -> None:
        told = {
            (case.attempt.id, move.kind, move.external_id): (case, move)
            for case in self.cases
            if case.snapshot.currency == CURRENCY
            for move in case.snapshot.moves
        }
        if not told:
            return
        moves = [move for _, move in told.values()]
        rows = await current_unit().connection.fetch(
            _FACTS,
            clock.now(),
            [attempt_id for attempt_id, _, _ in told],
            [move.kind for move in moves],
            [move.external_id for move in moves],
            [move.amount_fen for move in moves],
            [move.happened_at for move in moves],
        )
        new = {tuple(row) for row in rows}
        for key, (case, move) in told.items():
            if key in new:
                case.new.append(move)

    async def _land(self) -> None:
        """What has arrived pays its order, if it may; else it is kept apart, for a reason."""
        arrived = [(case, move) for case in self.cases for move in case.new if move.kind == CAPTURED]
        first: dict[int, tuple[_Case, Move]] = {}
        for case, move in arrived:
            if case.attempt.order_id not in first and self._landing(case, move).pays_order:
                first[case.attempt.order_id] = case, move
        taken = await causes.take([self.orders[order_id] for order_id in sorted(first)])
        self.paid = {order_id: paying for order_id, paying in sorted(first.items()) if order_id in taken}
        for order_id in first.keys() - taken:  # its thing takes no money any more
            self.orders[order_id] = replace(self.orders[order_id], state=rules.CANCELLED)
        for case, move in arrived:
            order = self.orders[case.attempt.order_id]
            case.problem = self._landing(case, move).problem
            if self.paid.get(order.id) == (case, move):
                self.orders[order.id] = replace(order, state=rules.PAID)
        await advance_each(
            rules.ORDERS,
            [
                Step(order_id, "order.paid_online", facts, (clock.now(),))
                for order_id, (case, move) in self.paid.items()
                for facts in [{"amount_fen": move.amount_fen, "payment": case.attempt.id}]
            ],
            actor_id=None,
            columns={"closed_at": "timestamptz"},
        )

    def _landing(self, case: _Case, move: Move) -> rules.Landing:
        return rules.landing(
            self.orders[case.attempt.order_id],
            case.attempt,
            amount_fen=move.amount_fen,
            currency=case.snapshot.currency,
            paid_at=move.happened_at,
        )

    async def _derive(self) -> None:
        steps, same, now = [], [], clock.now()
        for case in self.cases:
            after = _sums_after(case)
            state = rules.next_state(
                case.attempt.state,
                case.seen,
                captured_fen=after.captured_fen,
                refunded_fen=after.refunded_fen,
            )
            values = (after.captured_fen, after.refunded_fen, case.problem, now)
            if state != case.attempt.state:
                steps.append(Step(case.attempt.id, f"payment.{state}", {}, values))
            else:
                same.append((case.attempt.id, *values))
        await advance_each(rules.ATTEMPTS, steps, actor_id=None, columns=_SUMS)
        if same:
            await current_unit().connection.execute(_SAME_STATE, *map(list, zip(*same, strict=True)))

    async def _move_refunds(self) -> None:
        """The refunds that a treasurer asked for have gone, or failed; the payer is told of any."""
        for kind, code, problem, outcome in (
            (REFUNDED, "refund.sent", "", refunds.SENT),
            (REFUND_FAILED, "refund.failed", "bank", refunds.FAILED),
        ):
            moved = [(case, move) for case in self.cases for move in case.new if move.kind == kind]
            if not moved:
                continue
            rows = await current_unit().connection.fetch(
                _REFUNDS,
                [case.attempt.id for case, _ in moved],
                [move.external_id for _, move in moved],
                [move.reference for _, move in moved],
            )
            columns: dict[str, Any] = {"problem": problem, "ended_at": clock.now()}
            await advance_many(rules.REFUNDS, code, [row["id"] for row in rows], actor_id=None, **columns)
            for case, move in moved:
                order = self.orders[case.attempt.order_id]
                tell_returned(order, amount_fen=move.amount_fen, outcome=outcome)

    async def _move_disputes(self) -> None:
        told = {
            (case.attempt.id, one.external_id): one for case in self.cases for one in case.snapshot.disputes
        }
        if not told:
            return
        names = ("external_id", "amount_fen", "reason", "opened_at", "due_at")
        columns = [[getattr(one, name) for one in told.values()] for name in names]
        rows = await current_unit().connection.fetch(_DISPUTES, [id_ for id_, _ in told], *columns)
        decided = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["id"]):
            seen = told[row["attempt"], row["external_id"]]
            if row["is_new"]:
                record_audit("dispute.opened", Ref(rules.DISPUTES.code, row["id"]), actor_id=None)
                _tell_dispute(row["id"], disputes.OPEN)
            if seen.state not in (row["state"], disputes.OPEN):
                decided[seen.state].append(row["id"])
        for state, ids in decided.items():
            code = f"dispute.{state}"
            for id_ in await advance_many(rules.DISPUTES, code, ids, actor_id=None, closed_at=clock.now()):
                _tell_dispute(id_, state)

    async def _post(self) -> None:
        """Wave by wave: the first new move of every attempt, then the second, which may draw on the first."""
        waves = [
            [(case, move) for case, move in zip(self.cases, wave, strict=True) if move is not None]
            for wave in zip_longest(*(case.new for case in self.cases))
        ]
        if any(_goes_back(case) for case in self.cases):
            await self._hold()
        for wave in waves:
            await self._post_wave(wave)

    async def _hold(self) -> None:
        """Lock every account that may be drawn from before the first is written to."""
        lines = [line for case in self.cases for line in case.lines if case.new]
        there = await lying([line.given for line in lines if line.given], like=[x.account_id for x in lines])
        ids = {line.account_id for line in lines} | {id_ for lots in there.values() for id_ in lots}
        await current_unit().connection.execute(
            "select from ledger_account where id = any($1) order by id for no key update", sorted(ids)
        )

    async def _post_wave(self, wave: Sequence[tuple[_Case, Move]]) -> None:
        transfers = []
        left = await self._left([(case, move) for case, move in wave if move.kind in RETURNS])
        lines = [line for case, move in wave if move.kind in (REFUNDED, DISPUTED) for line in case.lines]
        there = await lying([line.given for line in lines if line.given], like=[x.account_id for x in lines])
        for case, move in wave:
            key = case.key(move.kind, move.external_id)
            if move.kind == CAPTURED:
                transfers += await self._received(case, move, key)
            elif move.kind in RETURNS:
                transfers += postings.come_again(left[key], key=key, occurred_at=move.happened_at)
            else:
                transfers += await self._gone_back(case, move, key, there)
        await self._write(transfers)

    async def _received(self, case: _Case, move: Move, key: str) -> list[Transfer]:
        common: dict[str, Any] = {"key": key, "source_account_id": await self._account(postings.ONLINE)}
        if self.paid.get(case.attempt.order_id) == (case, move):
            return postings.receipt(case.attempt.order_id, case.lines, occurred_at=move.happened_at, **common)
        return [
            postings.unassigned(
                case.attempt.order_id,
                move.amount_fen,
                account_id=await self._account(postings.UNASSIGNED),
                occurred_at=move.happened_at,
                **common,
            )
        ]

    async def _gone_back(
        self, case: _Case, move: Move, key: str, there: dict[Ref, dict[int, int]]
    ) -> list[Transfer]:
        gone_fen = _sums_after(case, before=move).gone_fen
        if case.problem in rules.UNASSIGNED:
            parts = [postings.Part(await self._account(postings.UNASSIGNED), move.amount_fen)]
        else:
            parts = postings.refund_parts(case.lines, gone_fen=gone_fen, amount_fen=move.amount_fen)
            loss = await self._account(postings.REFUND_LOSS)
            parts = postings.beyond(postings.from_lots(parts, there, loss), move.amount_fen, loss)
        return postings.gone_back(
            case.attempt.order_id,
            parts,
            key=key,
            reason=postings.DISPUTE if move.kind == DISPUTED else postings.REFUND,
            source_account_id=await self._account(postings.ONLINE),
            occurred_at=move.happened_at,
        )

    async def _left(self, returning: Sequence[tuple[_Case, Move]]) -> dict[str, list[tuple[int, Transfer]]]:
        """What stands in the ledger of money that had left: out of the loss account too, where it was."""
        wanted = {}
        for case, move in returning:
            key = case.key(RETURNS[move.kind], move.external_id)
            for number in range(1, len(case.lines) + 2):  # one of them may be beyond the lines
                wanted[postings.part_key(key, number)] = case.key(move.kind, move.external_id)
        found: dict[str, list[tuple[int, Transfer]]] = {key: [] for key in wanted.values()}
        for row in await fetch(_POSTED, list(wanted)) if wanted else ():
            found[wanted[row["key"]]].append((row["id"], _transfer(row)))
        return found

    async def _account(self, kind: str) -> int:
        if kind not in self._accounts:
            self._accounts[kind] = await ledger.open_account(self.owner, kind=kind, unit=postings.UNIT)
        return self._accounts[kind]

    async def _write(self, transfers: Sequence[Transfer]) -> None:
        """What goes back of money that is spent already is a loss: it has left in any case."""
        if not transfers:
            return
        short = []
        for transfer, outcome in zip(transfers, await ledger.post_many(transfers), strict=True):
            if isinstance(outcome.refusal, BalanceTooLow | LotsTooLow):
                short.append(postings.from_loss(transfer, await self._account(postings.REFUND_LOSS)))
            elif outcome.refusal is not None:
                raise outcome.refusal
        if short:
            for outcome in await ledger.post_many(short):
                if outcome.refusal is not None:
                    raise outcome.refusal


def _case(attempt: rules.Attempt, snapshot: Snapshot, lines: Sequence[rules.OrderLine], sums: Sums) -> _Case:
    case = _Case(attempt, snapshot, lines, sums, attempt.problem, snapshot.state)
    if snapshot.moves and snapshot.currency != CURRENCY:
        case.problem, case.seen = "currency" if snapshot.is_held else "", FAILED
    return case


def _goes_back(case: _Case) -> bool:
    return any(move.kind != CAPTURED for move in case.new)


def _sums_after(case: _Case, *, before: Move | None = None) -> Sums:
    """What the attempt's facts add up to with its new ones, or with those before one of them."""
    sums = dict(vars(case.sums))
    for move in case.new:
        if move is before:
            break
        column, sign = _COUNTS[move.kind]
        sums[column] += sign * move.amount_fen
    return Sums(**sums)


_COUNTS = {
    "captured": ("captured_fen", 1),
    "refunded": ("refunded_fen", 1),
    "refund_failed": ("refunded_fen", -1),
    "disputed": ("disputed_fen", 1),
    "dispute_returned": ("disputed_fen", -1),
}


def _transfer(row: Any) -> Transfer:
    return Transfer(
        key=row["key"],
        unit=row["unit"],
        reason=row["reason"],
        cause=Ref(row["cause_kind"], row["cause_id"]),
        occurred_at=row["occurred_at"],
        entries=tuple(map(Entry, row["accounts"], row["amounts"])),
    )


def _tell_dispute(dispute_id: int, state: str) -> None:
    record_event("dispute_moved", Ref(rules.DISPUTES.code, dispute_id), dispute_id=dispute_id, state=state)


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
