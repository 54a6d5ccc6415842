"""The ledger in a few lines of dictionaries, to hold against the real one."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

from core.ledger.rules import Draw, Receive, Transfer

FLOORED, WITH_LOTS = ("public", "fund", "hold"), ("fund", "hold")


@dataclass(frozen=True)
class Lot:
    origin: int
    restriction: str
    expires_on: date | None


@dataclass
class Part:
    amount: int
    arrived: int


Move = tuple[Lot, str | None, str | None, int]


class Refused(Exception):
    """With the name of the error that the product must raise."""


@dataclass
class Model:
    names: dict[int, str]
    balances: Counter[str] = field(default_factory=Counter)
    parts: dict[str, dict[Lot, Part]] = field(default_factory=lambda: {"fund": {}, "hold": {}})
    moves: list[Move] = field(default_factory=list)
    arrivals: int = 0

    def apply(self, transfer: Transfer, today: date, undo: list[Move] | None = None) -> str | list[Move]:
        """The lots that moved, or the name of the refusal, after which everything is as before."""
        before = deepcopy((self.balances, self.parts))
        self.moves = []
        try:
            self._move_balances(transfer)
            self._move_lots(transfer, today) if undo is None else self._undo(undo)
        except Refused as refusal:
            self.balances, self.parts = before
            return str(refusal)
        return self.moves

    def shown(self, name: str) -> list[tuple[int, int]]:
        """(origin, amount) of each part."""
        return sorted((lot.origin, part.amount) for lot, part in self.parts[name].items())

    def _move_balances(self, transfer: Transfer) -> None:
        for entry in transfer.entries:
            name = self.names[entry.account_id]
            self.balances[name] += entry.amount
            if name in FLOORED and self.balances[name] < 0:
                raise Refused("BalanceTooLow")

    def _move_lots(self, transfer: Transfer, today: date) -> None:
        legs = [(self.names[e.account_id], e.amount, e.lots) for e in transfer.entries]
        giving = [(name, -amount, lots) for name, amount, lots in legs if name in WITH_LOTS and amount < 0]
        taking = [(name, amount, lots) for name, amount, lots in legs if name in WITH_LOTS and amount > 0]
        if not giving:
            for name, amount, lots in taking:
                terms = lots if isinstance(lots, Receive) else Receive()
                self._put(Lot(transfer.cause.id, terms.restriction, terms.expires_on), None, name, amount)
            return
        drawn = [part for leg in giving for part in self._draw(*leg, today)]
        receivers = [[name, amount] for name, amount, _ in taking]
        for lot, source, amount in drawn:
            while amount:
                target = next((r for r in receivers if r[1]), [None, amount])
                some = min(amount, target[1])
                self._put(lot, source, target[0], some)
                target[1] -= some
                amount -= some

    def _draw(self, name: str, need: int, lots: object, today: date) -> list[tuple[Lot, str, int]]:
        terms = lots if isinstance(lots, Draw) else Draw()

        def fits(lot: Lot) -> bool:
            is_expired = lot.expires_on is not None and lot.expires_on < today
            if terms.origin is not None and terms.origin.id != lot.origin:
                return False
            if terms.way == "use":
                return not is_expired and (lot.restriction in (terms.restriction, "") or bool(terms.origin))
            return is_expired or terms.way != "expired"

        def order(lot: Lot) -> tuple[object, ...]:
            last = -self.parts[name][lot].arrived if terms.way == "return" else 0
            return last, lot.restriction == "", lot.expires_on or date.max, lot.origin

        drawn = []
        for lot in sorted(filter(fits, self.parts[name]), key=order):
            some = min(need, self.parts[name][lot].amount)
            if some:
                self._take(lot, name, some)
                drawn.append((lot, name, some))
                need -= some
        if need:
            raise Refused("LotsTooLow")
        return drawn

    def _undo(self, moves: list[Move]) -> None:
        for lot, source, target, amount in reversed(moves):
            if target is not None:
                self._take(lot, target, amount)
            self._put(lot, target, source, amount)

    def _take(self, lot: Lot, name: str, amount: int) -> None:
        part = self.parts[name].get(lot)
        if part is None or part.amount < amount:
            raise Refused("LotsTooLow")
        part.amount -= amount
        if not part.amount:
            del self.parts[name][lot]

    def _put(self, lot: Lot, source: str | None, target: str | None, amount: int) -> None:
        self.moves.append((lot, source, target, amount))
        self.arrivals += 1
        if target is not None:
            part = self.parts[target].setdefault(lot, Part(0, 0))
            part.amount += amount
            part.arrived = self.arrivals
