"""Agreements by which funds were founded: their versions, and what waits to be signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch, fetch_row, fetch_value
from core.funds.errors import AgreementNotFound
from core.funds.rules import agreements as rules
from core.funds.rules import states
from core.language import mark
from core.manifest import Todo
from core.people import masks
from core.people.rules import Actor
from core.reference import Ref

_VERSIONS_MOST = 50


@dataclass(frozen=True)
class AgreementView:
    """A version with its terms; `state` is drafted, signed or dropped. `signed_by` None: brought along."""

    id: int
    fund_id: int
    fund: str
    foundation_id: int
    foundation: str
    foundation_code: str | None
    version: int
    founder_kind: str
    founder: str
    purpose: str
    uses: str
    rights: str
    ending: str
    fee_percent: int
    from_on: date
    until_on: date | None
    state: str
    drafted_by: int
    drafted_at: datetime
    signed_on: date | None
    signed_by: int | None
    signed_at: datetime | None

    @property
    def number(self) -> str:
        """By which people speak of it."""
        return f"JJ{self.fund_id:05}-{self.version}"

    @property
    def at(self) -> Ref:
        """Where those who draft and sign hold their roles."""
        return Ref("organization", self.foundation_id)

    @property
    def public_founder(self) -> str:
        """The founder as everybody may read it: of a person not the whole name."""
        return masks.mask_name(self.founder) if self.founder_kind == rules.PERSON else self.founder


_AGREEMENT = """
select a.id, a.fund as fund_id, f.name as fund, f.organization as foundation_id, o.name as foundation,
    o.uscc as foundation_code, a.version, a.founder_kind, a.founder, a.purpose, a.uses, a.rights, a.ending,
    a.fee_percent, a.from_on, a.until_on, a.state, a.drafted_by, a.drafted_at, a.signed_on, a.signed_by,
    a.signed_at
from fund_agreement a join fund f on f.id = a.fund join organization o on o.id = f.organization"""


async def agreement(agreement_id: int, *, lock: bool = False) -> AgreementView:
    """A version, its row locked until COMMIT if asked; raises AgreementNotFound."""
    row = await fetch_row(
        f"{_AGREEMENT} where a.id = $1" + (" for no key update of a" if lock else ""), agreement_id
    )
    if row is None:
        raise AgreementNotFound
    return AgreementView(**dict(row))


async def versions(fund_id: int) -> list[AgreementView]:
    """All versions of a fund's agreement, the newest first."""
    rows = await fetch(
        f"{_AGREEMENT} where a.fund = $1 order by a.version desc limit $2", fund_id, _VERSIONS_MOST
    )
    return [AgreementView(**dict(row)) for row in rows]


async def agreements_with(ids: Sequence[int]) -> list[AgreementView]:
    """Those of the ids that are there, in their order."""
    rows = await fetch(f"{_AGREEMENT} where a.id = any($1) order by a.id", list(ids))
    return [AgreementView(**dict(row)) for row in rows]


def in_force(found: Sequence[AgreementView]) -> AgreementView | None:
    """Of versions, the newest first: the one that holds."""
    return next((one for one in found if one.state == rules.SIGNED), None)


async def is_signed(fund_id: int) -> bool:
    """Has the fund an agreement that holds?"""
    return bool(
        await fetch_value(
            "select exists (select from fund_agreement where fund = $1 and state = $2)", fund_id, rules.SIGNED
        )
    )


def takes_part(foundation: Ref, actor: Actor | None) -> bool:
    """Does the person see drafts, whole names and the signed paper?"""
    return actor is not None and any(
        actor.may(permission, foundation) for permission in (states.RUN, states.CHECK)
    )


async def may_see_files(agreement_id: int, actor: Actor) -> bool:
    """May the person see the signed paper?"""
    return takes_part((await agreement(agreement_id)).at, actor)


async def todos(organization_ids: Sequence[int], person_id: int) -> list[Todo]:
    """Drafts of somebody else that wait to be signed at these foundations."""
    rows = await fetch(
        "select a.fund, f.name from fund_agreement a join fund f on f.id = a.fund"
        " where f.organization = any($1) and a.state = 'drafted' and a.drafted_by <> $2"
        " order by a.id limit 5",
        list(organization_ids),
        person_id,
    )
    title = mark("等您核对签订设立协议：%(what)s")
    return [
        Todo(title=title, params={"what": row["name"]}, path=f"/funds/{row['fund']}/agreement")
        for row in rows
    ]
