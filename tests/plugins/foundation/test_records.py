"""What foundations add to a donor's copy: what was agreed, matched and published, and nothing of others."""

from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch_value
from core.dossiers import services as dossiers
from core.files.queries import content
from core.funds.rules.quarters import quarter_of
from core.manifest import GiftRecords
from core.reference import Ref
from plugins.foundation.rules import SECRETARY
from plugins.foundation.rules import agreements as rules
from plugins.foundation.rules.agreements import MONEY, AgreementDraft
from plugins.foundation.services import agreements, calendar
from tests.core.dossiers.test_packs import content_of, names, read
from tests.core.funds.world import VOUCHER, FundWorld, holder, make_fund_world, three_gifts
from tests.factories import make_region


@pytest.fixture
async def world(db: str) -> FundWorld:
    """The gift of the donor with an account was agreed on and came last quarter, which is published."""
    with clock.frozen(clock.now() - timedelta(days=100)):
        made = await make_fund_world()
        await three_gifts(made)
        await agree(made, "S-1", made.donor.person_id, "施捐赠", 10_000)
        await agree(made, "S-2", None, "别家公司", 5_000)
    secretary = await holder("测秘书", SECRETARY, Ref("organization", made.foundation), await make_region())
    then = quarter_of((clock.now() - timedelta(days=100)).date())
    await calendar.publish_quarter(made.foundation, then, actor=secretary)
    return made


async def agree(world: FundWorld, receipt_no: str, donor_id: int | None, name: str, value_fen: int) -> None:
    draft = AgreementDraft(
        donor_id=donor_id,
        donor_name=name,
        kind=MONEY,
        what="人民币",
        quantity="",
        quality="",
        value_fen=value_fen,
        uses="四点半课堂的书",
        deliver_by=clock.today(),
        beneficiary_id=None,
        is_unrelated=False,
    )
    made = await agreements.draft_agreement(world.fund, draft, actor=world.treasurer)
    await agreements.sign_agreement(made, signed_on=clock.today(), upload=VOUCHER, actor=world.checker)
    await agreements.fulfil_agreement(made, receipt_no, actor=world.treasurer)


async def collected(receipt_nos: str, *, is_own: bool) -> dict[str, GiftRecords]:
    ids = [
        await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no)
        for receipt_no in receipt_nos.split()
    ]
    found = await plugins.collect("collect_gift_records", gift_ids=ids, is_own=is_own)
    return {part.name: part for part in found}


async def test_the_donor_has_what_was_agreed_with_its_paper(world: FundWorld) -> None:
    found = await collected("S-1", is_own=True)
    (agreed,) = found["foundation.agreements"].rows
    assert (agreed["uses"], agreed["state"]) == ("四点半课堂的书", rules.FULFILLED)
    (quarter,) = found["foundation.publications"].rows
    assert quarter["income_fen"] == 18_000
    gift_id = await fetch_value("select id from fund_gift where receipt_no = 'S-1'")
    copy = await content_of(await dossiers.ask_for_pack(gift_id, whole=False, reason="", actor=world.donor))
    (paper,) = [one for one in read(copy, "files") if one["subject_kind"] == rules.AGREEMENT]
    assert paper["path"] in names(copy)
    assert await content(int(str(paper["id"])), world.donor)


async def test_nobody_reads_what_others_agreed(world: FundWorld) -> None:
    assert "foundation.agreements" not in await collected("S-1", is_own=False)
    # Whoever signed as another than the donor of the gift is not the donor's business.
    assert not (await collected("S-2", is_own=True))["foundation.agreements"].rows
