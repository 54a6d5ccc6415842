"""The stand-in's own books: every move of an account's money in its settlement currency, and payouts."""

import secrets
from collections.abc import Callable
from typing import Any

from core import clock
from plugins.practice.commands.lists import paged

Thing = dict[str, Any]
_FEE_PERCENT = 3.4


class Statement:
    """Balance transactions of all accounts, oldest first. `kept` is what the file remembers."""

    def __init__(self, kept: Thing | None = None) -> None:
        kept = kept or {"lines": [], "settles": {}}
        self._lines: list[Thing] = kept["lines"]
        self._settles: dict[str, list[Any]] = kept["settles"]

    @property
    def kept(self) -> Thing:
        """Everything, as JSON."""
        return {"lines": self._lines, "settles": self._settles}

    def settle_in(self, key: str, currency: str, rate: float) -> None:
        """From now on the account gets its money in this currency."""
        self._settles[key] = [currency, rate]

    def book(self, key: str, type_: str, source: Thing | str, amount: int, *, has_fee: bool = False) -> Thing:
        """A move of so many fen, as it stands in the account."""
        currency, rate = self._settles.get(key, ["cny", 1])
        settled = round(amount * rate)
        fee = round(settled * _FEE_PERCENT / 100) if has_fee else 0
        line = self._line(key, type_, source, currency, settled, fee)
        line["exchange_rate"] = None if currency == "cny" else rate
        return line

    def _line(
        self, key: str, type_: str, source: Thing | str, currency: str, amount: int, fee: int = 0
    ) -> Thing:
        line = {
            "id": f"txn_{secrets.token_hex(12)}",
            "object": "balance_transaction",
            "type": type_,
            "amount": amount,
            "fee": fee,
            "net": amount - fee,
            "currency": currency,
            "exchange_rate": None,
            "source": source if isinstance(source, str) else source["id"],
            "created": int(clock.now().timestamp()),
            "account": key,
            "payout": None,
        }
        self._lines.append(line)
        return line

    def pay_out(self, key: str) -> Thing | None:
        """Everything that is there goes to the bank, in each currency; nothing, or less: nothing goes."""
        waiting = [one for one in self._lines if one["account"] == key and one["payout"] is None]
        last = None
        for currency in sorted({one["currency"] for one in waiting}):
            lines = [one for one in waiting if one["currency"] == currency]
            total = sum(one["net"] for one in lines)
            if total <= 0:
                continue
            payout_id = f"po_{secrets.token_hex(12)}"
            for one in lines:
                one["payout"] = payout_id
            last = self._line(key, "payout", payout_id, currency, -total)
            last["payout"] = payout_id
        return last

    def lines(self, key: str, asked: Thing, source_of: Callable[[str], Thing | str]) -> Thing:
        """A page of the account's lines, newest first, as Stripe lists them."""
        since = asked.get("created", {}).get("gte", 0)
        found = [
            one
            for one in reversed(self._lines)
            if one["account"] == key
            and one["created"] >= since
            and asked.get("payout") in (None, one["payout"])
        ]
        is_expanded = "data.source" in asked.get("expand", [])

        def show(line: Thing) -> Thing:
            shown = {name: value for name, value in line.items() if name not in ("account", "payout")}
            return shown | {"source": source_of(line["source"])} if is_expanded else shown

        return paged("/v1/balance_transactions", found, asked, show)
