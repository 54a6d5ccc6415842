"""A list of organizations is judged row by row, and taken over in one piece or not at all."""

import io
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.documents.errors import ListTooLarge
from core.documents.reading import BYTES_MOST
from core.documents.sheets import open_sheet
from core.errors import YijiError
from core.files.rules import Upload
from core.organizations import queries
from core.organizations.errors.imports import (
    ColumnsMissing,
    ImportNotFound,
    ListEmpty,
    ListTooLong,
    NothingToImport,
)
from core.organizations.queries import imports
from core.organizations.rules import imports as rules
from core.organizations.services import register_organization
from core.organizations.services.imports import (
    ask_for_import,
    confirm_import,
    judge_import,
    sweep_imports,
    take_over_import,
)
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.regions.services import add_region
from tests.core.organizations.records import GOOD, Place, make_place
from workers.drain import run_due_jobs

HEADER = ("组织全称", "组织类型", "统一社会信用代码", "所在地区")
FOUND = "53510100500000007T"


def sheet(*rows: tuple[str, ...], format: str = "csv", header: tuple[str, ...] = HEADER) -> Upload:
    made = open_sheet(format)
    for row in (header, *rows):
        made.append(row)
    content = made.finish()
    made.close()
    return Upload(f"名单.{format}", content)


async def judged(place: Place, upload: Upload, *, actor: Actor | None = None) -> imports.ImportView:
    actor = actor or place.staff
    one = await ask_for_import(upload, actor=actor)
    await run_due_jobs()
    return await imports.import_of(one, actor.person_id)


async def reasons(one: imports.ImportView) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in await imports.bad_rows(one.id, after=0, limit=99)]


# --- rules --------------------------------------------------------------------------------------


def test_columns_may_stand_in_any_order_and_others_do_not_count() -> None:
    header = ("原因", "Place", "所在地区", "统一社会信用代码", "NAME", "组织类型")
    found = rules.rows_below(
        header, [["", "", "测试镇", "7", "甲", "基金会"], ["", ""], ["", "", "", "", "乙"]]
    )
    assert found == [rules.Row(2, "甲", "基金会", "7", "测试镇"), rules.Row(4, "乙", "", "", "")]


@pytest.mark.parametrize(
    ("header", "count", "refusal"),
    [
        (HEADER[:3], 1, ColumnsMissing),
        ((), 0, ColumnsMissing),
        (HEADER, 0, ListEmpty),
        (HEADER, rules.ROWS_MOST + 1, ListTooLong),
    ],
)
def test_what_is_no_list_of_organizations(
    header: tuple[str, ...], count: int, refusal: type[YijiError]
) -> None:
    with pytest.raises(refusal):
        rules.rows_below(header, [["甲", "基金会", FOUND, "测试镇"]] * count)
    assert len(rules.rows_below(HEADER, [["甲"]] * rules.ROWS_MOST)) == rules.ROWS_MOST


# --- judged and taken over ----------------------------------------------------------------------


ROWS = (
    ("样例基金会", "基金会", FOUND, "测试镇"),
    ("二号合唱队", "community_group", "", "测试镇"),
    ("样邻中心", "社会服务机构", GOOD, "测试镇"),
    ("样邻社区营造中心", "社区社会组织", "", "测试镇"),
    ("另一基金会", "基金会", FOUND, "测试镇"),
    ("二号合唱队", "社区社会组织", "", "测试镇"),
    ("三号", "公司", "", "测试镇"),
    ("四号", "社会服务机构", "123", "测试镇"),
    ("五号", "社会服务机构", "", "测试镇"),
    ("六号", "社区社会组织", "", "邻区"),
    ("七", "社区社会组织", "", "测试镇"),
    ("八号", "民办非企业单位", "51510100MJTEAT009G", "测试镇"),
    ("九号协会", "社会团体", "51510100MJTEAT009G", "测试镇"),
)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_every_row_is_judged_and_the_good_ones_are_taken_over(db: str, format: str) -> None:
    place = await make_place()
    await add_region(
        "同名镇", level="street", parent_id=await add_region("测试区", level="county", parent_id=None)
    )
    upload = sheet(*ROWS, format=format)
    one = await judged(place, upload)
    assert (one.state, one.good, one.bad) == ("judged", 3, 10)
    said = dict(await reasons(one))
    assert said[4] == "这个统一社会信用代码已经登记过了"
    assert said[5] == "这个地区已经有同名的组织"
    assert (said[6], said[7]) == ("和第 2 行重复", "和第 3 行重复")
    assert said[8].startswith("组织类型不对，请写成：社会团体 / 社会服务机构 / 其他社会组织 / 基金会")
    assert said[9] == "统一社会信用代码不对，请照证书再核对一遍"
    assert said[10] == "请填写 18 位统一社会信用代码"
    assert said[11].startswith("没有这个地区，或不归您管")
    assert said[12].startswith("请填写组织全称")
    assert said[13].startswith("社会服务机构的代码以 52 开头")
    assert await fetch_value("select count(*) from organization") == 1  # judging takes nothing over

    for _ in range(2):
        await confirm_import(one.id, good=3, actor=place.staff)
    await run_due_jobs()
    assert (await imports.import_of(one.id, place.staff.person_id)).state == "imported"
    assert [o.name for o in await queries.named("样例基金会", offset=0, limit=5)] == ["样例基金会"]
    rows = await fetch(
        "select o.name, o.uscc, o.state, r.line from organization o"
        " join organization_import_row r on r.organization = o.id order by r.line"
    )
    assert [tuple(row) for row in rows] == [
        ("样例基金会", FOUND, "approved", 2),
        ("二号合唱队", None, "approved", 3),
        ("九号协会", "51510100MJTEAT009G", "approved", 14),
    ]
    audited = "select count(*) from audit_event where action = 'organization.registered' and actor_id = $1"
    assert await fetch_value(audited, place.staff.person_id) == 3
    await take_over(one, place)
    assert await fetch_value("select count(*) from organization") == 4


async def take_over(one: imports.ImportView, place: Place) -> None:
    async with unit_of_work():
        await take_over_import(one.id, person_id=place.staff.person_id, language="zh")


async def test_a_place_may_be_written_as_a_code_and_must_be_one(db: str) -> None:
    place = await make_place()
    county = await fetch_value("select parent from region where id = $1", place.region_id)
    for code, parent_id in (("510199001", county), ("510199002", place.region_id)):
        await add_region("双桥镇", level="community", parent_id=parent_id, code=code)
    one = await judged(
        place,
        sheet(("甲队", "社区社会组织", "", "双桥镇"), ("乙队", "社区社会组织", "", "510199002")),
    )
    assert one.good == 1
    assert await reasons(one) == [(2, "有几个地区叫这个名字，请写 6 位区划代码")]


async def test_if_the_world_has_changed_nothing_is_taken_over(db: str) -> None:
    place = await make_place()
    one = await judged(
        place,
        sheet(("样例基金会", "基金会", FOUND, "测试镇"), ("合唱队", "社区社会组织", "", "测试镇")),
    )
    assert one.good == 2
    await register_organization("快手基金会", kind="foundation", region_id=place.region_id, uscc=FOUND)
    await confirm_import(one.id, good=2, actor=place.staff)
    await run_due_jobs()
    again = await imports.import_of(one.id, place.staff.person_id)
    assert (again.state, again.good, again.bad) == ("judged", 1, 1)
    assert await reasons(again) == [(2, "这个统一社会信用代码已经登记过了")]
    assert await fetch_value("select count(*) from organization") == 2
    with pytest.raises(NothingToImport):  # what was seen was another list
        await confirm_import(one.id, good=2, actor=place.staff)
    await confirm_import(one.id, good=1, actor=place.staff)
    await run_due_jobs()
    assert await fetch_value("select count(*) from organization") == 3


async def test_who_may_no_longer_review_takes_nothing_over(db: str) -> None:
    place = await make_place()
    one = await judged(place, sheet(("合唱队", "社区社会组织", "", "测试镇")))
    await confirm_import(one.id, good=1, actor=place.staff)
    await fetch("update role_grant set revoked_at = now() where person = $1", place.staff.person_id)
    await run_due_jobs()
    assert (await imports.import_of(one.id, place.staff.person_id)).good == 0
    assert await fetch_value("select count(*) from organization") == 1


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (Upload("a.csv", b"\xff\xff"), "看不懂这个文件"),
        (Upload("a.xlsx", b"PK\x03\x04"), "看不懂这个文件"),
        (sheet(("甲",), header=("名称",)), "第一行要有这些列：组织全称、组织类型"),
        (sheet(), "表里没有组织"),
        (Upload("a.csv", ",".join(HEADER).encode() + b"\n" * 30_000), "最多 10000 行"),
    ],
)
async def test_what_is_no_list_is_refused_with_its_reason(db: str, upload: Upload, why: str) -> None:
    place = await make_place()
    one = await judged(place, upload)
    assert one.state == "refused"
    assert why in one.reason
    with pytest.raises(NothingToImport):
        await confirm_import(one.id, good=0, actor=place.staff)


async def test_strangers_second_clicks_and_too_much(db: str) -> None:
    place = await make_place()
    upload = sheet(("合唱队", "社区社会组织", "", "测试镇"))
    with pytest.raises(PermissionMissing):
        await ask_for_import(upload, actor=place.manager)
    with pytest.raises(ListTooLarge):
        await ask_for_import(Upload("a.csv", b"a" * (BYTES_MOST + 1)), actor=place.staff)
    one = await ask_for_import(upload, actor=place.staff)
    assert await ask_for_import(upload, actor=place.staff) == one
    for other in (place.colleague, place.elsewhere, place.manager):
        with pytest.raises(ImportNotFound):
            await confirm_import(one, good=1, actor=other)
    with pytest.raises(NothingToImport):  # nobody has looked at it yet
        await confirm_import(one, good=0, actor=place.staff)
    far = await judged(place, upload, actor=place.elsewhere)
    assert (far.good, far.bad) == (0, 1)


async def test_ten_thousand_rows_go_in_at_once_and_lists_are_kept_for_a_month(db: str) -> None:
    place = await make_place()
    lines = io.StringIO()
    lines.write(",".join(HEADER) + "\n")
    lines.writelines(f"第{n}号合唱队,社区社会组织,,测试镇\n" for n in range(rules.ROWS_MOST))
    one = await ask_for_import(Upload("a.csv", lines.getvalue().encode()), actor=place.staff)
    person_id = place.staff.person_id
    async with unit_of_work():
        await judge_import(one, person_id=person_id, language="zh")
    await confirm_import(one, good=rules.ROWS_MOST, actor=place.staff)
    await take_over(await imports.import_of(one, person_id), place)
    assert await fetch_value("select count(*) from organization") == rules.ROWS_MOST + 1
    assert await fetch_value("select count(*) from job where name = 'core.index_organizations'") == 20
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert await sweep_imports(limit=5) == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert await sweep_imports(limit=5) == 1
    assert await fetch_value("select count(*) from organization_import_row") == 0
