"""A journal: dated lines with debits and credits by the names of accounts, and the balances after them.

Credit means here, as on a bank's statement, that the account's owner has more. Amounts are yuan, or points.
"""

import itertools
from datetime import date, datetime, time
from decimal import Decimal

from core import clock
from core.database import fetch_value, unit_of_work
from core.evidence.services import record_evidence
from core.ledger.queries import balance, differences, lot_uses, parts, statement
from core.ledger.rules import Draw, Entry, Receive, Transfer
from core.ledger.services import open_account, post, reverse
from core.reference import Ref


class Journal:
    """`await journal.on(day, text, reason, debit(…), credit(…), after={…})`."""

    def __init__(self, unit: str = "CNY") -> None:
        self.unit = unit
        self.scale = 100 if unit == "CNY" else 1
        self.accounts: dict[str, int] = {}
        self.kinds: dict[str, tuple[Ref, str]] = {}
        self._numbers = itertools.count(1)

    async def open(self, **kinds: str) -> None:
        """Open accounts: name = the kind, without its prefix; each has an owner of its own."""
        for name, kind in kinds.items():
            self.kinds[name] = Ref("books.owner", len(self.kinds) + 1), f"books.{kind}"
            async with unit_of_work():
                self.accounts[name] = await open_account(
                    self.kinds[name][0], kind=f"books.{kind}", unit=self.unit
                )

    async def on(
        self,
        day: str,
        text: str,
        reason: str,
        *legs: tuple[str, str, Receive | Draw | None],
        cause: Ref | None = None,
        evidence: int | None = None,
        after: dict[str, str] | None = None,
    ) -> int:
        """Write a transfer on that day, and say what the accounts hold afterwards; returns its id."""
        number = next(self._numbers)
        with clock.frozen(_noon(day)):
            transfer = Transfer(
                key=f"journal:{number}",
                unit=self.unit,
                reason=f"books.{reason}",
                cause=cause or Ref("books.voucher", number),
                occurred_at=clock.now(),
                note=text,
                entries=tuple(Entry(self.accounts[n], self._amount(a), lots) for n, a, lots in legs),
                evidence_id=evidence,
            )
            async with unit_of_work():
                post(transfer)
        await self.stands(after or {})
        return int(await fetch_value("select id from ledger_transfer where key = $1", transfer.key))

    async def undo(
        self, day: str, text: str, transfer_id: int, *, after: dict[str, str] | None = None
    ) -> None:
        """Reverse a transfer."""
        with clock.frozen(_noon(day)):
            async with unit_of_work():
                await reverse(
                    transfer_id,
                    reason="books.correction",
                    cause=Ref("books.voucher", next(self._numbers)),
                    occurred_at=clock.now(),
                    note=text,
                )
        await self.stands(after or {})

    async def stands(self, balances: dict[str, str]) -> None:
        """The accounts hold this, and the books prove themselves."""
        found = {name: self._shown(await balance(self.accounts[name])) for name in balances}
        assert found == balances
        assert await differences() == []

    async def evidence(self, kind: str, about: Ref) -> int:
        """Something happened, and is on record."""
        async with unit_of_work():
            return await record_evidence(f"books.{kind}", about, actor_id=None)

    async def lots(self, name: str) -> list[tuple[str, str, date | None, str]]:
        """(origin, restriction, last good day, amount) of what the account consists of."""
        return [
            (str(lot.origin), lot.restriction, lot.expires_on, self._shown(lot.amount))
            for lot in await parts(self.accounts[name])
        ]

    async def expired(self, name: str, day: str) -> int:
        """How much of the account has expired by that day."""
        found = await parts(self.accounts[name], expired_before=date.fromisoformat(day))
        return sum(part.amount for part in found)

    async def became_of(self, gift: Ref) -> list[tuple[str, str, str]]:
        """(where it lies or "given away", reason, amount) of each part of a gift."""
        names = {id_: name for name, id_ in self.accounts.items()}
        return [
            (
                names[use.account_id] if use.account_id else "given away",
                use.reason.removeprefix("books."),
                self._shown(use.amount),
            )
            for use in await lot_uses(gift)
        ]

    async def statement(self, name: str) -> list[tuple[str, str, str]]:
        """(text, amount, balance after it), oldest first."""
        owner, kind = self.kinds[name]
        found = await statement(owner, kind=kind, unit=self.unit, page=1, size=100)
        assert found is not None
        lines = [(line.note, self._shown(line.amount), self._shown(line.balance)) for line in found.lines]
        return lines[::-1]

    def _amount(self, typed: str) -> int:
        return int(Decimal(typed) * self.scale)

    def _shown(self, amount: int) -> str:
        return f"{Decimal(amount) / self.scale:.{2 if self.scale == 100 else 0}f}"


def debit(name: str, amount: str, lots: Draw | None = None) -> tuple[str, str, Draw | None]:
    """The account's owner has less."""
    return name, f"-{amount}", lots


def credit(name: str, amount: str, lots: Receive | None = None) -> tuple[str, str, Receive | None]:
    """The account's owner has more."""
    return name, amount, lots


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=clock.HOME)


async def last_transfer() -> int:
    """The id of the newest transfer."""
    return int(await fetch_value("select max(id) from ledger_transfer"))
