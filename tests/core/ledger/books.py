"""A plugin of tests only: kinds of accounts with lots, and reasons with a gate."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

import pytest

from core import plugins
from core.database import unit_of_work
from core.ledger.queries import parts
from core.ledger.rules import transfers
from core.ledger.services import declare_codes, open_account
from core.manifest import AccountKind, Manifest, Reason, Unit
from core.plugins import hookimpl
from core.reference import Ref

POINTS = "POINTS"


def _plugin() -> ModuleType:
    module = ModuleType("tests.books")
    module.MANIFEST = Manifest(name="books", title="账本", version="1", author="-", description="-")
    for hook in (register_units, register_account_kinds, register_reasons):
        setattr(module, hook.__name__, hookimpl(hook))
    return module


def register_units() -> list[Unit]:
    return [Unit(code=POINTS, title="积分", digits=0)]


def register_account_kinds() -> list[AccountKind]:
    def kind(name: str, floor: int | None = 0, *, lots: bool = False) -> AccountKind:
        return AccountKind(code=f"books.{name}", title=name, floor=floor, tracks_lots=lots)

    return [
        kind("public"), kind("outside", None), kind("loss", None),
        kind("fund", lots=True), kind("hold", lots=True), kind("points", lots=True),
    ]  # fmt: skip


def register_reasons() -> list[Reason]:
    plain = ("fee", "spend", "gift", "hold", "release", "refund", "correction", "award", "redeem", "expiry")
    return [Reason(code=f"books.{name}", title=name) for name in plain] + [
        Reason(code="books.first_tranche", title="首款", evidence="books.signature"),
        Reason(code="books.second_tranche", title="二款", evidence="books.midterm"),
        Reason(code="books.hour", title="工时", evidence="books.shift", purpose="books.points"),
        Reason(code="books.bonus", title="奖励", evidence="books.shift", purpose="books.points"),
        Reason(code="books.service", title="志愿服务", evidence="core.service"),
        Reason(code="books.claim", title="申报", evidence="books.shift", purpose="books.bid"),
    ]


@asynccontextmanager
async def declared() -> AsyncIterator[None]:
    """The plugin is installed in this process, and its codes stand in the open database."""
    modules = {**plugins.installed(), "books": _plugin()}
    built = plugins.build(modules, disabled=frozenset())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "installed", lambda: modules)
        patch.setattr(plugins, "manager", lambda: built)
        transfers._reasons.cache_clear()
        async with unit_of_work():
            await declare_codes()
        yield
    transfers._reasons.cache_clear()


async def open_books(*names: str, owner: int = 1, unit: str = "CNY") -> list[int]:
    """Ids of accounts of the kinds `books.NAME`, of one owner that needs no row."""
    async with unit_of_work():
        return [
            await open_account(Ref("books.owner", owner), kind=f"books.{name}", unit=unit) for name in names
        ]


async def parts_of(account_id: int) -> list[tuple[str, int]]:
    """(restriction, amount) of the lots of an account, in the order in which they expire and came."""
    return [(part.restriction, part.amount) for part in await parts(account_id)]
