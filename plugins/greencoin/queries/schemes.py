"""Schemes, their rules and terms, and whose passbook is which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.manifest import Thing
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.reference import Ref
from plugins.greencoin import rules
from plugins.greencoin.errors import RuleNotFound, SchemeNotFound
from plugins.greencoin.rules import POINTS_FAMILY, Terms
from plugins.greencoin.rules.claims import RuleFacts

SCHEMES_MOST, RULES_MOST = 200, 200


@dataclass(frozen=True)
class SchemeView:
    """A scheme and who runs it."""

    id: int
    name: str
    organization_id: int
    organization: str
    region_id: int
    is_sample: bool

    @property
    def owner(self) -> Ref:
        """Where its roles are held and its parameters set."""
        return Ref("organization", self.organization_id)

    @property
    def ref(self) -> Ref:
        """The scheme as the owner of accounts."""
        return Ref(rules.SCHEME, self.id)

    @property
    def unit(self) -> str:
        """The unit of its points."""
        return f"{POINTS_FAMILY}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class RuleView(RuleFacts):
    """A version of a rule; points and caps in hundredths of a point."""

    id: int
    scheme_id: int
    code: str
    behaviour: str
    unit: str
    needs_photo: bool


@dataclass(frozen=True)
class PassbookView:
    """A household's passbook; `is_shown`: it agreed to stand on the board, its name masked."""

    id: int
    scheme_id: int
    household_id: int
    number: int
    is_shown: bool


_SCHEMES = """
select s.id, s.name, s.organization as organization_id, o.name as organization, s.region as region_id,
    s.is_sample
from greencoin_scheme s join organization o on o.id = s.organization"""


async def schemes() -> list[SchemeView]:
    """All schemes by name."""
    rows = await fetch(f"{_SCHEMES} order by s.name, s.id limit {SCHEMES_MOST}")
    return [SchemeView(**dict(row)) for row in rows]


async def schemes_of(organization_ids: Sequence[int]) -> list[SchemeView]:
    """Those that some organizations run, by name."""
    rows = await fetch(
        f"{_SCHEMES} where s.organization = any($1) order by s.name, s.id limit {SCHEMES_MOST}",
        list(organization_ids),
    )
    return [SchemeView(**dict(row)) for row in rows]


async def scheme(scheme_id: int) -> SchemeView:
    """One scheme; raises SchemeNotFound."""
    row = await fetch_row(f"{_SCHEMES} where s.id = $1", scheme_id)
    if row is None:
        raise SchemeNotFound
    return SchemeView(**dict(row))


async def scheme_of(household_id: int) -> SchemeView | None:
    """The scheme of the village in which the household lives: of its region, or the nearest above."""
    scheme_id = await fetch_value(
        """
        with recursive up as (
            select r.id, r.parent, 0 as steps
            from household h join region r on r.id = h.region where h.id = $1
            union all
            select r.id, r.parent, up.steps + 1 from region r join up on r.id = up.parent)
        select s.id from up join greencoin_scheme s on s.region = up.id order by up.steps limit 1""",
        household_id,
    )
    return None if scheme_id is None else await scheme(scheme_id)


async def terms(of: SchemeView, on: date | None = None) -> Terms:
    """The parameters as they hold for a scheme on a civil date, by default today."""
    scopes = await organizations.parameter_scopes(of.organization_id)
    codes = [parameter.code for parameter in rules.PARAMETERS]
    return Terms.from_parameters(await parameters.effective(codes, scopes, on or clock.today()))


_RULES = """
select id, scheme as scheme_id, code, behaviour, category, unit, points, day_cap, month_cap, needs_photo,
    effective_from, effective_to
from greencoin_rule"""


async def rules_on(scheme_id: int, day: date) -> list[RuleView]:
    """The rules that hold on a day, by category and name."""
    rows = await fetch(
        f"{_RULES} where scheme = $1 and effective_from <= $2 and coalesce(effective_to, 'infinity') >= $2"
        f" order by category, behaviour, id limit {RULES_MOST}",
        scheme_id,
        day,
    )
    return [RuleView(**dict(row)) for row in rows]


async def rule_versions(scheme_id: int) -> list[RuleView]:
    """All versions of all rules, the latest of each first."""
    rows = await fetch(
        f"{_RULES} where scheme = $1 order by category, code, effective_from desc limit {RULES_MOST}",
        scheme_id,
    )
    return [RuleView(**dict(row)) for row in rows]


async def rule(rule_id: int, *, lock: bool = False) -> RuleView:
    """One version of a rule, its row locked until COMMIT if asked; raises RuleNotFound."""
    row = await fetch_row(
        f"{_RULES} where id = $1" + (" for no key update" if lock else ""),
        rule_id,
    )
    if row is None:
        raise RuleNotFound
    return RuleView(**dict(row))


async def volunteer_rule(scheme_id: int, day: date) -> RuleView | None:
    """What hours of volunteers earn in the scheme on a day, if anything."""
    row = await fetch_row(
        f"{_RULES} where scheme = $1 and category = 'volunteer' and effective_from <= $2"
        " and coalesce(effective_to, 'infinity') >= $2 order by id limit 1",
        scheme_id,
        day,
    )
    return RuleView(**dict(row)) if row else None


async def passbook(scheme_id: int, household_id: int) -> PassbookView | None:
    """The household's passbook, if it has one."""
    row = await fetch_row(
        "select id, scheme as scheme_id, household as household_id, number, is_shown"
        " from greencoin_passbook where scheme = $1 and household = $2",
        scheme_id,
        household_id,
    )
    return PassbookView(**dict(row)) if row else None


async def household_of(person_id: int) -> int | None:
    """Where the person lives now."""
    household_id: int | None = await fetch_value(
        "select household from household_member where person = $1 and left_on is null", person_id
    )
    return household_id


async def households_of(person_ids: Sequence[int]) -> set[int]:
    """Where these persons live now."""
    rows = await fetch(
        "select distinct household from household_member where person = any($1) and left_on is null",
        list(person_ids),
    )
    return {row["household"] for row in rows}


async def things(after_id: int, limit: int) -> list[Thing]:
    """Schemes as search finds them."""
    rows = await fetch(
        "select s.id, s.name, o.name as detail from greencoin_scheme s"
        " join organization o on o.id = s.organization where s.id > $1 order by s.id limit $2",
        after_id,
        limit,
    )
    return [
        Thing(id=row["id"], name=row["name"], path=f"/greencoin/{row['id']}", detail=row["detail"])
        for row in rows
    ]
