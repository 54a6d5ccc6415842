"""An organization is registered by who runs it and reviewed by its region's staff."""

import asyncio

import pytest

from core.database import fetch_value
from core.errors import YijiError
from core.organizations import queries, rules
from core.organizations.errors import (
    CodeMalformed,
    CodeMissing,
    CodeOfAnotherKind,
    CodeTaken,
    NameMissing,
    NotTheRegistrant,
    OrganizationNotFound,
    OwnRegistration,
    ReasonMissing,
    RegionUnknown,
    TooManyUnderReview,
)
from core.organizations.rules import Registration
from core.organizations.services import (
    correct_organization,
    propose_organization,
    register_organization,
    review_organization,
)
from core.people.queries import actor as actor_of
from core.people.rules import MANAGER, REPRESENT, Actor
from core.people.services import grant_role
from core.reference import Ref
from core.regions.services import add_region
from core.workflow import WrongState
from tests.factories import make_region, make_resident
from workers.drain import run_due_jobs

GOOD = "52510100500000007X"


async def make_staff(region_id: int) -> Actor:
    person = await make_resident(region_id, name="区工作")
    await grant_role(person.person_id, rules.STAFF, Ref("region", region_id), actor_id=None)
    found = await actor_of(person.person_id)
    assert found is not None
    return found


def said(region_id: int, *, name: str = "样邻社区营造中心", uscc: str | None = GOOD) -> Registration:
    return Registration(name, "service_agency", region_id, uscc)


# --- the code -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (GOOD, "service_agency"),
        ("51510100MJTEAT009G", "association"),
        ("53510100500000007T", "foundation"),
        ("54510104MJTEAT0091", "committee"),
        ("91350100M000100Y43", "company"),
        ("9144030071526726XG", "company"),
        ("91330100799655058B", "company"),
        ("52510100500000007x", "service_agency"),
        (None, "committee"),
        ("", "community_group"),
    ],
)
def test_a_right_code_of_its_kind_is_taken(code: str | None, kind: str) -> None:
    assert rules.check_code(code, kind) == (code.upper() if code else None)


@pytest.mark.parametrize(
    ("code", "kind", "refusal"),
    [
        (None, "service_agency", CodeMissing),
        ("52510100500000007Y", "service_agency", CodeMalformed),  # the check digit
        ("52510100500000007", "service_agency", CodeMalformed),
        ("5251010050000000I7", "service_agency", CodeMalformed),
        (GOOD, "foundation", CodeOfAnotherKind),
        (GOOD, "association", CodeOfAnotherKind),
        ("51510100MJTEAT009G", "service_agency", CodeOfAnotherKind),
        (GOOD, "social_organization", CodeOfAnotherKind),
        ("53510100500000007T", "service_agency", CodeOfAnotherKind),
        (GOOD, "company", CodeOfAnotherKind),
    ],
)
def test_a_wrong_code_is_refused_in_words(code: str | None, kind: str, refusal: type[YijiError]) -> None:
    with pytest.raises(refusal) as refused:
        rules.check_code(code, kind)
    assert refused.value.field == "uscc"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["", "一", "名" * 61, "看不\x07见"])
def test_a_name_can_be_read(name: str) -> None:
    with pytest.raises(NameMissing):
        said(1, name=name).checked()
    assert said(1, name="  样邻   中心 ").checked().name == "样邻 中心"


# --- registered and reviewed --------------------------------------------------------------------


async def test_approved_its_registrant_manages_it_and_everybody_finds_it(db: str) -> None:
    county = await add_region("测试区", level="county", parent_id=None)
    town = await add_region("测试镇", level="street", parent_id=county)
    staff, resident = await make_staff(county), await make_resident(town)
    made = await propose_organization(said(town), actor=resident)
    assert await propose_organization(said(town), actor=resident) == made  # the second click
    assert await queries.named("样邻", offset=0, limit=5) == []
    with pytest.raises(OrganizationNotFound):
        await queries.visible_file(made, None)
    assert [file.id for file in await queries.waiting_for(staff, limit=5)] == [made]
    assert [todo.path for todo in await queries.todos(staff)] == [f"/organizations/{made}"]

    await review_organization(made, rules.APPROVED, actor=staff)

    assert (await queries.visible_file(made, None)).uscc == GOOD
    assert [one.id for one in await queries.named("样邻", offset=0, limit=5, region_id=county)] == [made]
    manager = await actor_of(resident.person_id)
    assert manager is not None
    assert manager.may(REPRESENT, Ref("organization", made))
    await run_due_jobs()  # organization_reviewed
    sql = "select title from notification where person = $1"
    assert await fetch_value(sql, resident.person_id) == "组织登记通过了"
    await review_organization(made, rules.APPROVED, actor=staff)  # the second click
    await run_due_jobs()
    assert await fetch_value("select count(*) from notification where person = $1", resident.person_id) == 1
    with pytest.raises(WrongState, match="现在是“已登记”，不能“退回修改”"):
        await review_organization(made, rules.RETURNED, reason="名称不全", actor=staff)


async def test_sent_back_it_is_corrected_and_handed_in_again(db: str) -> None:
    region_id = await make_region()
    staff, resident = await make_staff(region_id), await make_resident(region_id)
    made = await propose_organization(said(region_id), actor=resident)
    with pytest.raises(WrongState):
        await correct_organization(made, said(region_id), actor=resident)
    with pytest.raises(ReasonMissing):
        await review_organization(made, rules.RETURNED, actor=staff)
    await review_organization(made, rules.RETURNED, reason="名称少了“区”", actor=staff)
    assert (await queries.visible_file(made, resident)).reason == "名称少了“区”"
    with pytest.raises(NotTheRegistrant):
        await correct_organization(made, said(region_id), actor=await make_resident(region_id))
    await correct_organization(made, said(region_id, name="样邻区社区营造中心"), actor=resident)
    file = await queries.file(made)
    assert (file.name, file.state) == ("样邻区社区营造中心", rules.PENDING)


async def test_staff_of_another_region_and_the_registrant_do_not_review(db: str) -> None:
    region_id, elsewhere = await make_region(), await make_region()
    staff, stranger = await make_staff(region_id), await make_staff(elsewhere)
    made = await propose_organization(said(region_id), actor=staff)
    with pytest.raises(OrganizationNotFound):
        await review_organization(made, rules.APPROVED, actor=stranger)
    with pytest.raises(OwnRegistration):
        await review_organization(made, rules.APPROVED, actor=staff)
    assert await fetch_value("select count(*) from role_grant where role = $1", MANAGER) == 0


async def test_a_code_is_one_organizations_until_it_is_refused(db: str) -> None:
    region_id = await make_region()
    staff, first, second = [await make_staff(region_id), *[await make_resident(region_id) for _ in range(2)]]
    made = await propose_organization(said(region_id), actor=first)
    with pytest.raises(CodeTaken):
        await propose_organization(said(region_id, name="冒名的中心"), actor=second)
    await review_organization(made, rules.REFUSED, reason="不是真的", actor=staff)
    again = await propose_organization(said(region_id, name="真正的中心"), actor=second)
    await review_organization(again, rules.APPROVED, actor=staff)
    with pytest.raises(CodeTaken):
        await propose_organization(said(region_id), actor=first)


async def test_two_clicks_at_once_are_one_registration(db: str) -> None:
    region_id = await make_region()
    resident = await make_resident(region_id)
    found = await asyncio.gather(
        *(propose_organization(said(region_id, uscc=GOOD), actor=resident) for _ in range(2)),
        return_exceptions=True,
    )
    assert any(isinstance(one, int) for one in found)
    assert await fetch_value("select count(*) from organization") == 1


async def test_five_wait_and_a_sixth_is_too_many(db: str) -> None:
    region_id = await make_region()
    resident = await make_resident(region_id)
    for number in range(rules.UNDER_REVIEW_MOST):
        name = f"第{number}合唱队"
        await propose_organization(Registration(name, "community_group", region_id, None), actor=resident)
    with pytest.raises(TooManyUnderReview, match="已有 5 个"):
        await propose_organization(said(region_id), actor=resident)


async def test_an_unknown_region_is_said_beside_the_field(db: str) -> None:
    resident = await make_resident(await make_region())
    with pytest.raises(RegionUnknown):
        await propose_organization(said(10**9), actor=resident)


async def test_what_the_system_registers_is_approved(db: str) -> None:
    made = await register_organization("自管会", kind="committee", region_id=await make_region())
    assert (await queries.file(made)).state == rules.APPROVED
