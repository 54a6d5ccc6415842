"""The agreement by which a fund is founded: drafted by one, confirmed by another, then kept."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pypdfium2
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.files.queries import files_of
from core.funds import services
from core.funds.errors import (
    AgreementDrafted,
    AgreementEndsEarly,
    AgreementNotFound,
    FeeTooHigh,
    FundEnded,
    OwnAgreement,
    SignedTooEarly,
)
from core.funds.queries import agreements, requests
from core.funds.rules import agreements as rules
from core.people.errors import PermissionMissing
from core.reference import Ref
from core.workflow import WrongState
from tests.core.funds.agreed import SIGNED, agree, checker_at, terms
from tests.core.funds.world import FundWorld, make_fund_world
from workers.drain import run_due_jobs


@pytest.fixture
async def new(world: FundWorld) -> int:
    """A fund of which nothing is agreed yet."""
    return await services.found_fund(
        "测样基金会新微基金", organization_id=world.foundation, summary="", actor=world.head
    )


async def _sign(agreement_id: int, world: FundWorld, **changes: object) -> None:
    given: dict[str, object] = {"signed_on": clock.today(), "upload": SIGNED, "actor": world.checker}
    await services.sign_agreement(agreement_id, **(given | changes))  # type: ignore[arg-type]


def test_terms_keep_within_the_fee_and_end_after_they_begin() -> None:
    first = date(2026, 3, 1)
    agreed = terms(fee_percent=10, from_on=first, until_on=first + timedelta(days=1))
    rules.check_terms(agreed, 10)
    rules.check_terms(replace(agreed, fee_percent=0, until_on=None), 10)
    for percent in (-1, 11):
        with pytest.raises(FeeTooHigh):
            rules.check_terms(replace(agreed, fee_percent=percent), 10)
    with pytest.raises(AgreementEndsEarly):
        rules.check_terms(replace(agreed, until_on=first), 10)


async def test_one_drafts_and_another_confirms_with_the_signed_paper(world: FundWorld, new: int) -> None:
    agreement_id = await services.draft_agreement(new, terms(), actor=world.head)
    assert [todo.path for todo in await requests.todos(world.checker)] == [f"/funds/{new}/agreement"]
    with pytest.raises(SignedTooEarly):
        await _sign(agreement_id, world, signed_on=clock.today() + timedelta(days=1))
    with pytest.raises(PermissionMissing):
        await _sign(agreement_id, world, actor=world.head)
    both = replace(world.head, grants=world.head.grants + world.checker.grants)
    with pytest.raises(OwnAgreement):
        await _sign(agreement_id, world, actor=both)
    assert not await agreements.is_signed(new)
    await _sign(agreement_id, world)
    await _sign(agreement_id, world)  # a second click
    assert await agreements.is_signed(new)
    assert len(await files_of(Ref(rules.AGREEMENT, agreement_id))) == 1
    assert not await requests.todos(world.checker)
    with pytest.raises(WrongState):
        await _sign(agreement_id, world, actor=await checker_at(new))
    with pytest.raises(WrongState):
        await services.drop_agreement(agreement_id, actor=world.head)


async def test_what_changes_is_a_new_version_and_the_signed_one_stays(world: FundWorld, new: int) -> None:
    first = await agree(new, world.head)
    dropped = await services.draft_agreement(new, terms(purpose="写错了"), actor=world.head)
    with pytest.raises(AgreementDrafted):
        await services.draft_agreement(new, terms(), actor=world.head)
    await services.drop_agreement(dropped, actor=world.head)
    await services.drop_agreement(dropped, actor=world.head)
    await agree(new, world.head, purpose="也帮助残疾人")
    found = await agreements.versions(new)
    assert [(one.version, one.state) for one in found] == [(3, "signed"), (2, "dropped"), (1, "signed")]
    holds = agreements.in_force(found)
    assert holds is not None
    assert holds.purpose == "也帮助残疾人"
    for change in (
        "update fund_agreement set purpose = '' where id = $1",
        "delete from fund_agreement where id = $1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(change, first)


async def test_a_draft_is_dropped_and_never_deleted(world: FundWorld, new: int) -> None:
    draft = await services.draft_agreement(new, terms(), actor=world.head)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("delete from fund_agreement where id = $1", draft)


async def test_two_drafts_at_once_leave_one(world: FundWorld, new: int) -> None:
    results = await asyncio.gather(
        *(services.draft_agreement(new, terms(), actor=world.head) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(one, AgreementDrafted) for one in results) == 4
    assert await fetch_value("select count(*) from fund_agreement where fund = $1", new) == 1


async def test_another_foundation_finds_nothing(world: FundWorld, new: int) -> None:
    other = await make_fund_world(name="别样基金会")
    with pytest.raises(PermissionMissing):
        await services.draft_agreement(new, terms(), actor=other.head)
    agreement_id = await services.draft_agreement(new, terms(), actor=world.head)
    for verb in (services.drop_agreement, services.ask_for_agreement):
        with pytest.raises(AgreementNotFound):
            await verb(agreement_id, actor=other.head)
    with pytest.raises(AgreementNotFound):
        await _sign(agreement_id, world, actor=other.checker)
    assert not await agreements.may_see_files(agreement_id, other.checker)
    assert await agreements.may_see_files(agreement_id, world.checker)


async def test_nothing_is_agreed_about_a_fund_that_ended(world: FundWorld, new: int) -> None:
    await services.add_purpose(new, "助学", actor=world.head)
    await agree(new, world.head)
    await services.open_fund(new, actor=world.head)
    await services.stop_gifts(new, actor=world.head)
    await services.draft_agreement(new, terms(), actor=world.head)
    await services.end_fund(new, actor=world.head)
    with pytest.raises(FundEnded):
        await services.draft_agreement(new, terms(), actor=world.head)


async def test_the_paper_has_whole_names_and_the_page_has_not(world: FundWorld, new: int) -> None:
    agreement_id = await agree(new, world.head, founder_kind=rules.PERSON, founder="施大样", fee_percent=0)
    (found,) = await agreements.versions(new)
    assert (found.founder, found.public_founder) == ("施大样", "施**")
    await services.ask_for_agreement(agreement_id, actor=world.head)
    await run_due_jobs()
    content = await fetch_value("select content from stored_file order by id desc limit 1")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    for words in ("基金设立协议", found.number, "施大样", "余款转入目的相近的基金", "不收管理费"):
        assert words in text
