"""Where organizations are paid; the number itself is read by who pays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import cipher
from core.database import fetch, fetch_row
from core.language import mark
from core.manifest import Todo
from core.organizations.errors.payees import PayeeNotFound
from core.organizations.queries import OWNER, reviewed_places
from core.organizations.rules import payees as rules
from core.people.rules import REPRESENT, Actor

SHOWN_MOST = 20
_COLUMNS = """
select id, organization as organization_id, state, bank, holder, last4, proposed_by, proposed_at, decided_at,
    reason
from organization_payee"""


@dataclass(frozen=True)
class Payee:
    """An account without its number."""

    id: int
    organization_id: int
    state: str
    bank: str
    holder: str
    last4: str
    proposed_by: int
    proposed_at: datetime
    decided_at: datetime | None
    reason: str

    @property
    def masked(self) -> str:
        """The number as it is shown."""
        return rules.mask(self.last4)

    @property
    def line(self) -> str:
        """Bank and masked number, for whoever is about to pay."""
        return f"{self.bank} {self.masked}"


async def payee(payee_id: int, *, organization_id: int, lock: bool = False) -> Payee:
    """One of the organization's; raises PayeeNotFound."""
    row = await fetch_row(
        f"{_COLUMNS} where id = $1 and organization = $2" + (" for no key update" if lock else ""),
        payee_id,
        organization_id,
    )
    if row is None:
        raise PayeeNotFound
    return _payee(row)


async def payees(organization_id: int) -> list[Payee]:
    """All that ever were, the newest first."""
    rows = await fetch(
        f"{_COLUMNS} where organization = $1 order by id desc limit $2", organization_id, SHOWN_MOST
    )
    return [_payee(row) for row in rows]


async def payee_of(organization_id: int) -> Payee | None:
    """The account where it is paid now."""
    row = await fetch_row(f"{_COLUMNS} where organization = $1 and state = 'confirmed'", organization_id)
    return _payee(row) if row else None


async def number_of(payee_id: int) -> str:
    """The whole number; the caller knows that the reader may have it, and records that it was read."""
    row = await fetch_row("select sealed from organization_payee where id = $1", payee_id)
    if row is None:
        raise PayeeNotFound
    return cipher.decrypt(bytes(row["sealed"]), purpose(payee_id)).decode()


def purpose(payee_id: int) -> str:
    """What a number is sealed for: it cannot be moved to another row."""
    return f"core.organization_payee:{payee_id}"


async def todos(actor: Actor) -> list[Todo]:
    """Accounts that somebody else has written down and this person may confirm."""
    own = [scope.id for scope in actor.scopes(REPRESENT) if scope.kind == OWNER]
    places, is_everywhere = await reviewed_places(actor)
    rows = await fetch(
        "select o.id, o.name from organization_payee p join organization o on o.id = p.organization"
        " where p.state = 'proposed' and p.proposed_by <> $4"
        " and ($3 or o.id = any($1) or o.region = any($2)) order by p.id limit 10",
        own,
        places,
        is_everywhere,
        actor.person_id,
    )
    return [
        Todo(
            title=mark("确认拨款账户：%(name)s"),
            params={"name": row["name"]},
            path=f"/organizations/{row['id']}/payee",
        )
        for row in rows
    ]


def _payee(row: Any) -> Payee:
    return Payee(**dict(row))
