"""Fiscal receipts: asked for, recorded once, corrected by a new record, or from a list as a whole or not."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.documents import queries as documents
from core.documents.errors import ListUnreadable
from core.documents.reading import rows_of
from core.errors import Invalid
from core.funds import services
from core.funds.errors import GiftNotFound
from core.funds.errors.receipts import (
    CheckCodeWrong,
    FiscalCodeWrong,
    FiscalColumnsMissing,
    FiscalDayInFuture,
    FiscalListTooLong,
    FiscalNumberWrong,
    FiscalRecorded,
    FiscalTitleMissing,
    FiscalUsed,
    NothingToAcknowledge,
    TaxNumberWrong,
)
from core.funds.queries import fiscal, gifts
from core.funds.rules.fiscal import ROWS_MOST, Numbers, Wish, check_wish, mask_tax_no, read_day
from core.funds.services.fiscal import ask_for_list
from core.funds.services.wishes import forget_wishes
from core.people.errors import PermissionMissing
from tests.core.funds.world import FundWorld, give
from workers.drain import run_due_jobs

HEAD = "收据号,票据代码,票据号码,校验码,开票日期"


def numbers(number: str = "0000000001") -> Numbers:
    return Numbers("51060124", number, "a1b2c3", clock.today())


def sheet(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode("gb18030")


async def _gift(receipt_no: str) -> int:
    return int(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


async def _valid(receipt_no: str) -> list[str]:
    return [one.number for one in await fiscal.fiscal_of(await _gift(receipt_no)) if not one.replaced_at]


@pytest.mark.parametrize(
    ("title", "tax_no", "refusal"),
    [
        ("", "", FiscalTitleMissing),
        ("某公司", "1" * 14, TaxNumberWrong),
        ("某公司", "1" * 21, TaxNumberWrong),
    ],
)
def test_a_wish_names_somebody_and_a_number_that_can_be(
    title: str, tax_no: str, refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal):
        check_wish(title, tax_no)
    for good in ("", "1" * 15, "91510100MA6CXXXX1Q"):
        check_wish("某公司", good)


def test_days_are_read_as_sheets_write_them_and_tax_numbers_masked() -> None:
    for typed in ("2026-11-02", "2026/11/2", "2026年11月2日"):
        assert str(read_day(typed)) == "2026-11-02"
    for typed in ("", "11-02", "2026-13-01"):
        assert read_day(typed) is None
    assert mask_tax_no("91510100MA6CXXXX1Q") == "**************XX1Q"
    assert mask_tax_no("") == ""


async def test_who_asks_waits_until_it_is_recorded(world: FundWorld, other: FundWorld) -> None:
    gift_id = await _gift("S-1")
    await services.ask_for_fiscal(gift_id, title="施捐赠", tax_no="", actor=world.donor)
    company = "91510100MA6CXXXX1Q"
    await services.ask_for_fiscal(gift_id, title="样里公司", tax_no=company, actor=world.donor)
    (one,) = await fiscal.waiting(world.foundation, after_id=0, limit=9)
    assert (one.wish.title, one.wish.tax_no) == ("样里公司", company)
    sealed = await fetch_value("select title_sealed || tax_no_sealed from fund_fiscal_wish")
    assert company.encode() not in sealed
    (todo,) = await fiscal.todos(world.treasurer)
    assert (todo.path, todo.count) == (f"/funds/fiscal/{world.foundation}", 1)
    assert await fiscal.todos(other.treasurer) == []
    for stranger in (other.donor, other.treasurer):
        with pytest.raises(GiftNotFound):
            await services.ask_for_fiscal(gift_id, title="甲", tax_no="", actor=stranger)
    await services.record_fiscal(gift_id, numbers(), actor=world.treasurer)
    assert await fiscal.count_waiting([world.foundation]) == 0
    with pytest.raises(FiscalRecorded):
        await services.ask_for_fiscal(gift_id, title="甲", tax_no="", actor=world.donor)
    with pytest.raises(FiscalRecorded):
        code = (await gifts.gift(gift_id)).trace_code
        await services.ask_for_fiscal_with_code(code, title="甲", tax_no="")


async def test_what_the_treasurer_writes_down_with_the_gift_waits_once_it_counts(world: FundWorld) -> None:
    with pytest.raises(FiscalTitleMissing):
        await give(world, 100, "W-0", fiscal=Wish(""))
    with pytest.raises(TaxNumberWrong):
        await give(world, 100, "W-0", fiscal=Wish("样里公司", "12"))
    large = await give(world, 600_000, "W-1", fiscal=Wish("样里公司", "1" * 15))
    assert await fiscal.count_waiting([world.foundation]) == 0
    await services.confirm_gift(large, actor=world.payer)
    (one,) = await fiscal.waiting(world.foundation, after_id=0, limit=9)
    assert (one.gift_id, one.wish.title, one.wish.tax_no) == (large, "样里公司", "1" * 15)
    mistaken = await give(world, 600_000, "W-2", fiscal=Wish("样里公司"))
    await services.drop_gift(mistaken, actor=world.treasurer)
    wish = await fiscal.wish_of(mistaken)
    assert wish is not None
    assert wish.title == ""


async def test_the_donors_copy_and_the_funds_dossier_have_it(world: FundWorld) -> None:
    gift_id = await _gift("S-1")
    await services.ask_for_fiscal(gift_id, title="样里公司", tax_no="1" * 15, actor=world.donor)
    await services.record_fiscal(gift_id, numbers("7"), actor=world.treasurer)
    parts = await plugins.collect("collect_personal_data", person_id=world.donor.person_id)
    own = {part.name: part.rows for part in parts}
    assert [(row["subject_id"], row["title"]) for row in own["core.fiscal_wishes"]] == [(gift_id, "样里公司")]
    assert [row["number"] for row in own["core.fiscal"]] == [numbers("7").number]
    other = await plugins.collect("collect_personal_data", person_id=world.treasurer.person_id)
    assert not {"core.fiscal", "core.fiscal_wishes"} & {part.name for part in other}
    found = await plugins.collect("collect_dossier", subject_kind="fund", subject_id=world.fund)
    dossier = {part.name: part.rows for part in found}
    assert [row["gift"] for row in dossier["fund_fiscal"]] == [gift_id]
    assert [row["gift"] for row in dossier["fund_fiscal_wishes"]] == [gift_id]
    assert "样里公司" not in str(dossier)


async def test_what_went_back_needs_none(world: FundWorld) -> None:
    gift = await gifts.gift(await _gift("S-2"))
    await services.ask_for_fiscal_with_code(gift.trace_code, title="甲", tax_no="")
    await services.prepare_refund(gift.id, reason="重复", payment_no="R-1", actor=world.treasurer)
    await services.sign_refund(gift.id, actor=world.payer)
    assert await fiscal.count_waiting([world.foundation]) == 0
    with pytest.raises(NothingToAcknowledge):
        await services.ask_for_fiscal_with_code(gift.trace_code, title="甲", tax_no="")
    with pytest.raises(NothingToAcknowledge):
        await services.record_fiscal(gift.id, numbers(), actor=world.treasurer)


async def test_a_number_is_used_once_and_corrected_by_a_new_record(
    world: FundWorld, other: FundWorld
) -> None:
    first, second = await _gift("S-1"), await _gift("S-2")
    await services.record_fiscal(first, numbers("2"), actor=world.treasurer)
    await services.record_fiscal(first, numbers("2"), actor=world.treasurer)
    assert len(await fiscal.fiscal_of(first)) == 1
    with pytest.raises(FiscalUsed):
        await services.record_fiscal(second, numbers("2"), actor=world.treasurer)
    await services.record_fiscal(first, numbers("1"), actor=world.treasurer)
    assert [(one.number, one.replaced_at is None) for one in await fiscal.fiscal_of(first)] == [
        ("1", True),
        ("2", False),
    ]
    await services.record_fiscal(second, numbers("2"), actor=world.treasurer)
    with pytest.raises(GiftNotFound):
        await services.record_fiscal(first, numbers("3"), actor=other.treasurer)
    with pytest.raises(GiftNotFound):
        await services.record_fiscal(first, numbers("3"), actor=world.donor)


async def test_what_no_paper_carries_is_refused(world: FundWorld) -> None:
    gift_id, good = await _gift("S-1"), numbers()
    for wrong, refusal in (
        (replace(good, code=""), FiscalCodeWrong),
        (replace(good, number="号"), FiscalNumberWrong),
        (replace(good, check_code="1" * 21), CheckCodeWrong),
        (replace(good, issued_on=clock.today() + timedelta(days=1)), FiscalDayInFuture),
    ):
        with pytest.raises(refusal):
            await services.record_fiscal(gift_id, wrong, actor=world.treasurer)


async def test_a_list_is_taken_as_a_whole_or_not(world: FundWorld, other: FundWorld) -> None:
    today = clock.today().isoformat()
    await services.record_fiscal(await _gift("S-3"), numbers("9"), actor=world.treasurer)
    bad = sheet(
        f"S-1,51060124,1,abc123,{today}",
        f"S-9,51060124,2,abc123,{today}",
        "S-2,51060124,3,abc123,昨天",
        f"S-3,51060124,4,abc123,{today}",
        f"S-2,51060124,9,abc123,{today}",
    )
    taken, wrong = await services.import_fiscal(world.foundation, bad, actor=world.treasurer)
    assert taken == 0
    assert [one.line for one in wrong] == [3, 4, 5, 6]
    assert "没有这个收据号" in wrong[0].reason
    assert "已经登记在另一笔" in wrong[3].reason
    assert await _valid("S-1") == []
    good = sheet(f"S-1,51060124,1,abc123,{today}", "", f"S-2,51060124,2,abc123,{today}")
    assert await services.import_fiscal(world.foundation, good, actor=world.treasurer) == (2, [])
    assert await services.import_fiscal(world.foundation, good, actor=world.treasurer) == (0, [])
    assert (await _valid("S-1"), await _valid("S-2")) == (["1"], ["2"])
    twice = sheet(f"S-1,51060124,1,abc123,{today}", f"S-1,51060124,1,abc123,{today}")
    assert [
        o.line for o in (await services.import_fiscal(world.foundation, twice, actor=world.treasurer))[1]
    ] == [
        2,
        3,
    ]
    for actor in (other.treasurer, world.donor, world.payer):
        with pytest.raises(PermissionMissing):
            await services.import_fiscal(world.foundation, good, actor=actor)


async def test_a_list_without_its_columns_or_too_long_is_refused(world: FundWorld) -> None:
    for content, refusal in (
        (sheet(head="甲,乙"), FiscalColumnsMissing),
        (b"", FiscalColumnsMissing),
        (sheet(*["x,1,1,1,1"] * (ROWS_MOST + 1)), FiscalListTooLong),
        (b"PK\x03\x04rubbish", ListUnreadable),
    ):
        with pytest.raises(refusal):
            await services.import_fiscal(world.foundation, content, actor=world.treasurer)


async def test_the_list_of_who_waits_is_filled_in_and_sent_back(world: FundWorld) -> None:
    gift_id = await _gift("S-1")
    await services.ask_for_fiscal(gift_id, title="施捐赠", tax_no="", actor=world.donor)
    job_id = await ask_for_list(world.foundation, format="csv", actor=world.treasurer)
    await run_due_jobs()
    file = await documents.file_of_job(job_id, world.treasurer.person_id)
    assert file is not None
    _, content = await documents.content(file.id, world.treasurer.person_id)
    header, row = list(rows_of(content))
    assert ",".join(header[:5]) == HEAD
    assert (row[0], row[5], row[7]) == ("S-1", "施捐赠", "100.00")
    row[1:5] = ["51060124", "1", "abc123", clock.today().isoformat()]
    lines = io.StringIO()
    lines.write(",".join(header) + "\n" + ",".join(row) + "\n")
    back = lines.getvalue().encode()
    assert await services.import_fiscal(world.foundation, back, actor=world.treasurer) == (1, [])
    with pytest.raises(PermissionMissing):
        await ask_for_list(world.foundation, format="csv", actor=world.donor)


async def test_whoever_ends_the_account_is_forgotten(world: FundWorld) -> None:
    await services.ask_for_fiscal(await _gift("S-1"), title="施捐赠", tax_no="", actor=world.donor)
    await forget_wishes(world.donor.person_id)
    kept = await fetch("select title_sealed, tax_no_sealed from fund_fiscal_wish")
    assert [tuple(row) for row in kept] == [(None, None)]
    (one,) = await fiscal.waiting(world.foundation, after_id=0, limit=9)
    assert one.wish.title == ""
