"""The committee's account at a bank, and those who look after its money. Invented, as a sample."""

from collections.abc import Callable

from core.database import fetch_value, unit_of_work
from core.demo import COMMITTEE, PASSWORD, build_committee, build_region
from core.language import mark
from core.manifest import DemoAccount
from core.organizations.rules.payees import BankAccount
from core.organizations.services.payees import decide_payee, propose_payee
from core.people.queries import actor as actor_of
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref

SECOND = DemoAccount(
    phone="13800008200", password=PASSWORD, name="孟样诚", role=mark("管委会另一位出纳：同意大额收退款")
)
HEAD = DemoAccount(
    phone="13800008201", password=PASSWORD, name="贺样明", role=mark("管委会负责人：填收款银行账户")
)
DEPUTY = DemoAccount(
    phone="13800008202", password=PASSWORD, name="柯样信", role=mark("管委会副负责人：确认收款银行账户")
)
ACCOUNTS = (SECOND, HEAD, DEPUTY)
_ROLES = {SECOND: "core.treasurer", HEAD: MANAGER, DEPUTY: MANAGER}
_BANK, _NUMBER = "样例银行青神支行", "6222000000008200"


async def build_bank_account(report: Callable[[int, int], None]) -> None:
    """Written down by one, confirmed by another; all of it is built, or nothing."""
    if await fetch_value("select id from person where phone = $1", SECOND.phone) is None:
        async with unit_of_work():
            await _build()
    report(1, 1)


async def _build() -> None:
    region_id = await build_region()
    committee_id = await build_committee(region_id)
    scope = Ref("organization", committee_id)
    actors: dict[DemoAccount, Actor] = {}
    for account, role in _ROLES.items():
        person_id = await register_person(account.name, phone=account.phone, password=account.password)
        await register_household(region_id, person_ids=[person_id])
        await grant_role(person_id, role, scope, actor_id=None)
        found = await actor_of(person_id)
        assert found is not None
        actors[account] = found
    payee_id = await propose_payee(committee_id, BankAccount(_BANK, COMMITTEE, _NUMBER), actor=actors[HEAD])
    await decide_payee(
        payee_id, is_confirmed=True, reason="", organization_id=committee_id, actor=actors[DEPUTY]
    )
