"""An organization about which everything is on record, for `page_world.py`."""

from datetime import date, timedelta

from core import clock
from core.database import fetch_row, unit_of_work
from core.files.rules import Upload
from core.organizations import rules
from core.organizations.queries import OWNER
from core.organizations.rules.imports import COLUMNS
from core.organizations.rules.payees import BankAccount
from core.organizations.services import register_organization
from core.organizations.services.imports import ask_for_import, judge_import
from core.organizations.services.payees import decide_payee, propose_payee
from core.organizations.services.records import record_finding
from core.organizations.services.restrictions import appeal_restriction, restrict_organization
from core.people.queries import actor as actor_of
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role
from core.reference import Ref
from tests.core.organizations.records import finding
from tests.factories import PASSWORD, make_resident

_NAME, _OTHER = "只差一个字服务社", "等人确认服务社"
_FINDINGS = (
    finding(),
    finding("charity", "granted"),
    finding("fundraising", "granted", number="51010", valid_until=date(2027, 1, 1)),
    finding("inspection", "basic", year=2025),
    finding("social_enterprise", "granted", valid_from=date(2020, 1, 1), valid_until=date(2023, 1, 1)),
)


async def build_organization_pages(region_id: int, phones: dict[str, str]) -> dict[str, int]:
    """Its head and the staff can sign in; one restriction waits for an appeal, one for a decision."""
    made = await register_organization(_NAME, kind="service_agency", region_id=region_id)
    other = await register_organization(_OTHER, kind="community_group", region_id=region_id)
    head = await _person(region_id, MANAGER, Ref(OWNER, made), phone=phones["head"])
    await grant_role(head.person_id, MANAGER, Ref(OWNER, other), actor_id=None)
    head = await _again(head)
    colleague = await _person(region_id, rules.STAFF, Ref("region", region_id))
    for one in _FINDINGS:
        await record_finding(made, one, actor=colleague)
    until_on = clock.today() + timedelta(days=30)
    ids = [
        await restrict_organization(made, grade, reason="迟交报告", until_on=until_on, actor=colleague)
        for grade in ("notice", "barred")
    ]
    await appeal_restriction(ids[1], "已经补交", organization_id=made, actor=head)
    payee = await propose_payee(made, BankAccount("样例银行", _NAME, "62220001"), actor=head)
    await decide_payee(payee, is_confirmed=True, reason="", organization_id=made, actor=colleague)
    await propose_payee(other, BankAccount("样例银行", _OTHER, "62220002"), actor=head)
    lists = await _lists(phones["staff"])
    return lists | {"recorded": made, "waiting_payee": other, "restricted": ids[0], "appealed": ids[1]}


async def _lists(phone: str) -> dict[str, int]:
    """One that can be taken over but for a row, one that is none."""
    row = await fetch_row(
        "select p.id, r.name as place from person p join role_grant g on g.person = p.id"
        " join region r on r.id = g.scope_id where p.phone = $1",
        phone,
    )
    assert row is not None
    staff = await actor_of(row["id"])
    assert staff is not None
    good = f"{','.join(COLUMNS.values())}\n合唱二队,社区社会组织,,{row['place']}\n坏,坏,,坏\n"
    made = []
    for content in (good, "名单"):
        made.append(await ask_for_import(Upload("名单.csv", content.encode()), actor=staff))
        async with unit_of_work():
            await judge_import(made[-1], person_id=staff.person_id, language="zh")
    return {"list": made[0], "no_list": made[1]}


async def _person(region_id: int, role: str, scope: Ref, *, phone: str | None = None) -> Actor:
    password = PASSWORD if phone else None
    person = await make_resident(region_id, name="何负责", phone=phone, password=password)
    await grant_role(person.person_id, role, scope, actor_id=None)
    return await _again(person)


async def _again(person: Actor) -> Actor:
    """With the roles that the person has by now."""
    found = await actor_of(person.person_id)
    assert found is not None
    return found
