"""Opening a scheme, its rules, its passbooks."""

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.ledger import services as ledger
from core.people.rules import Actor
from core.people.services import lock_household
from core.reference import Ref
from core.search.services import index_thing
from plugins.greencoin import rules
from plugins.greencoin.errors import HouseholdElsewhere, RuleExists, RuleNotBegun
from plugins.greencoin.queries import schemes
from plugins.greencoin.queries.schemes import PassbookView, SchemeView
from plugins.greencoin.rules import claims
from plugins.greencoin.rules.claims import RuleText
from plugins.greencoin.tables import Rule, Scheme

RULE = "greencoin.rule"


async def open_scheme(name: str, *, organization_id: int, region_id: int, is_sample: bool = False) -> int:
    """Open the scheme of a village and return its id; its points are a unit of their own."""
    async with unit_of_work():
        scheme = Scheme(
            name=name,
            organization=organization_id,
            region=region_id,
            is_sample=is_sample,
            opened_at=clock.now(),
        )
        await scheme.save()
        await ledger.open_unit(rules.POINTS_FAMILY, scheme.id)
        ref = Ref(rules.SCHEME, scheme.id)
        await index_thing(ref, name=name, path=f"/greencoin/{scheme.id}")
        record_audit("greencoin.opened", ref, actor_id=None)
        return int(scheme.id)


async def add_rule(scheme_id: int, text: RuleText, *, actor: Actor) -> int:
    """Write a rule that nobody had before and return its id; raises PermissionMissing, RuleExists, …"""
    async with unit_of_work() as unit:
        scheme = await schemes.scheme(scheme_id)
        actor.require(rules.MANAGE, scheme.owner)
        claims.check_rule(text, clock.today())
        await _lock_scheme(scheme_id)
        for other in await schemes.rules_on(scheme_id, text.effective_from):
            if other.behaviour == text.behaviour or other.category == text.category == claims.VOLUNTEER:
                raise RuleExists
        number = await unit.connection.fetchval(
            "select count(distinct code) + 1 from greencoin_rule where scheme = $1", scheme_id
        )
        return await _write_rule(scheme_id, f"r{number}", text, actor)


async def change_rule(rule_id: int, text: RuleText, *, actor: Actor) -> int:
    """Let other words hold from a day on and return the new version's id; the old one is kept, ended."""
    async with unit_of_work():
        old = await schemes.rule(rule_id, lock=True)
        scheme = await schemes.scheme(old.scheme_id)
        actor.require(rules.MANAGE, scheme.owner)
        claims.check_replaceable(old.effective_to)
        claims.check_rule(text, clock.today(), replaces_from=old.effective_from)
        last_day = text.effective_from - timedelta(days=1)
        await Rule.update({Rule.effective_to: last_day}).where(Rule.id == rule_id)
        return await _write_rule(old.scheme_id, old.code, text, actor)


async def end_rule(rule_id: int, *, actor: Actor) -> None:
    """Let a rule hold for the last time today; raises RuleNotFound, PermissionMissing,
    RuleEnded or RuleNotBegun.
    """
    async with unit_of_work():
        rule = await schemes.rule(rule_id, lock=True)
        scheme = await schemes.scheme(rule.scheme_id)
        actor.require(rules.MANAGE, scheme.owner)
        claims.check_replaceable(rule.effective_to)
        if rule.effective_from > clock.today():
            raise RuleNotBegun(day=rule.effective_from.isoformat())
        await Rule.update({Rule.effective_to: clock.today()}).where(Rule.id == rule_id)
        record_audit("greencoin.rule_ended", Ref(RULE, rule_id), actor_id=actor.person_id)


async def _write_rule(scheme_id: int, code: str, text: RuleText, actor: Actor) -> int:
    rule = Rule(
        scheme=scheme_id,
        code=code,
        behaviour=text.behaviour,
        category=text.category,
        unit=text.unit,
        points=text.points,
        day_cap=text.day_cap,
        month_cap=text.month_cap,
        needs_photo=text.needs_photo,
        effective_from=text.effective_from,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    await rule.save()
    record_audit("greencoin.rule_made", Ref(RULE, rule.id), actor_id=actor.person_id, scheme_id=scheme_id)
    return int(rule.id)


async def _lock_scheme(scheme_id: int) -> None:
    await current_unit().connection.execute(
        "select from greencoin_scheme where id = $1 for no key update", scheme_id
    )


async def open_passbooks(scheme_id: int, household_ids: Sequence[int]) -> None:
    """Give a passbook, with the next numbers, to the households that have none."""
    async with unit_of_work() as unit:
        await _lock_scheme(scheme_id)
        await unit.connection.execute(
            """
            insert into greencoin_passbook (scheme, household, number, is_shown, opened_at)
            select $1, h.id, row_number() over (order by h.n) + coalesce(
                (select max(number) from greencoin_passbook where scheme = $1), 0), false, $3
            from unnest($2::bigint[]) with ordinality h(id, n)
            where not exists (select from greencoin_passbook k where k.scheme = $1 and k.household = h.id)""",
            scheme_id,
            list(household_ids),
            clock.now(),
        )


async def passbook_for(scheme: SchemeView, household_id: int) -> PassbookView:
    """The passbook of a household of the village, opened now if there is none; raises HouseholdElsewhere.

    The household's row is locked: what counts its points queues up behind each other.
    """
    home = await schemes.scheme_of(household_id)
    if home is None or home.id != scheme.id:
        raise HouseholdElsewhere(scheme=scheme.name)
    await lock_household(household_id)
    found = await schemes.passbook(scheme.id, household_id)
    if found is None:
        await open_passbooks(scheme.id, [household_id])
        found = await schemes.passbook(scheme.id, household_id)
    assert found is not None
    return found


async def show_on_board(scheme_id: int, shown: bool, *, actor: Actor) -> None:
    """Agree that the own household stands on the village's board, name masked, or take that back."""
    async with unit_of_work() as unit:
        scheme = await schemes.scheme(scheme_id)
        passbook = await passbook_for(scheme, actor.require_household())
        await unit.connection.execute(
            "update greencoin_passbook set is_shown = $2, shown_by = $3 where id = $1",
            passbook.id,
            shown,
            actor.person_id,
        )
        ref = Ref("greencoin.passbook", passbook.id)
        record_audit("greencoin.board_choice", ref, actor_id=actor.person_id, shown=shown)
