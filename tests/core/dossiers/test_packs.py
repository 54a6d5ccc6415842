"""A donor's copy (慈善法 42): what is in it and what never is, who gets it, and how often."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.documents import queries as documents
from core.documents import services as keeping
from core.documents.services import NOBODY
from core.dossiers import rules, services
from core.dossiers import verify as verifier
from core.dossiers.errors import NothingOnRecord, PackNotYet, PackReasonMissing, TooManyPacks
from core.dossiers.queries import packs
from core.files import queries as files
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import services as funds
from core.funds.errors import GiftNotFound
from core.jobs import queries as jobs
from core.people.masks import GONE
from core.people.rules import Actor
from core.privacy import queries as privacy
from core.reference import Ref
from tests.core.dossiers.test_services import verify
from tests.core.funds.world import FundWorld, give, make_fund_world, paid, report, three_gifts
from workers.drain import run_due_jobs

# As it stands in each copy.
VERIFIER = Path(verifier.__file__)
WHY = "捐赠人 11 月 3 日来电提出"


@pytest.fixture
async def world(db: str) -> FundWorld:
    """A gift of somebody with an account, of which 62.00 is used, with its voucher."""
    made = await make_fund_world()
    await three_gifts(made)
    await report(made, await paid(made))
    return made


async def gift_no(receipt_no: str) -> int:
    return int(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


async def ask(
    world: FundWorld, receipt_no: str, actor: Actor, *, whole: bool = False, reason: str = ""
) -> int:
    return await services.ask_for_pack(await gift_no(receipt_no), whole=whole, reason=reason, actor=actor)


async def content_of(job_id: int) -> bytes:
    await run_due_jobs()
    row = await fetch_row("select file_id, asked_by from gift_pack where job_id = $1", job_id)
    assert row is not None
    owner_id = NOBODY if row["asked_by"] is None else row["asked_by"]
    return (await documents.content(row["file_id"], owner_id))[1]


async def by_code(receipt_no: str, address: str = "203.0.113.7") -> int:
    code = await fetch_value("select trace_code from fund_gift where receipt_no = $1", receipt_no)
    return await services.ask_with_code(code, address=address)


def read(content: bytes, name: str) -> list[dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found: list[dict[str, object]] = json.loads(archive.read(f"records/{name}.json"))
    return found


def texts(content: bytes) -> str:
    """All that is no paper and no file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith((".json", ".txt"))
        )


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


async def test_the_donor_gets_everything_and_it_checks_itself(world: FundWorld, tmp_path: Path) -> None:
    await funds.issue_receipt(await gift_no("S-1"), actor=world.donor)
    job_id = await ask(world, "S-1", world.donor)
    content = await content_of(job_id)
    (gift,) = read(content, "gifts")
    assert (gift["donor"], gift["amount_fen"], gift["receipt_no"]) == ("施捐赠", 10_000, "S-1")
    uses = {use["kind"]: (use["amount_fen"], use["voucher_no"]) for use in read(content, "uses")}
    assert uses == {"paid": (6_200, "V-1"), "left": (3_800, None)}
    (request,) = read(content, "requests")
    assert (request["result"], request["organization"]) == ("四十个孩子上了课", "测样社区")
    assert [line["title"] for line in read(content, "request_lines")] == ["绘本", "水彩笔"]
    (receipt,) = read(content, "receipts")
    assert len(read(content, "projects")) == len(read(content, "fund_agreements")) == 1
    inside = names(content)
    assert {f"receipts/{receipt['number']}.pdf", "index.pdf", "verify.py", "README.txt"} <= set(inside)
    assert any(name.startswith("agreements/JJ") for name in inside)
    target = tmp_path / "copy.zip"
    target.write_bytes(content)
    code, said = verify(VERIFIER, target)
    assert (code, said.splitlines()[0]) == (0, "一致 / clean")
    row = await fetch_row("select manifest, made_at from gift_pack where job_id = $1", job_id)
    assert row is not None
    assert row["manifest"] in said
    assert (await jobs.job(job_id, asked_by=world.donor.person_id)).progress_done


async def test_it_has_files_that_the_donor_may_see_and_no_other_person(world: FundWorld) -> None:
    gift_id = await gift_no("S-1")
    async with unit_of_work():
        await keep_file(
            Upload("缴款单.pdf", b"%PDF-1.4\n% slip"),
            subject=Ref("fund_gift", gift_id),
            actor_id=world.treasurer.person_id,
        )
        await keep_file(
            Upload("内部.pdf", b"%PDF-1.4\n% internal"),
            subject=Ref("organization", world.foundation),
            actor_id=world.treasurer.person_id,
        )
    content = await content_of(await ask(world, "S-1", world.donor))
    listed = read(content, "files")
    assert sorted(str(one["name"]) for one in listed) == ["发票.pdf", "缴款单.pdf"]
    for one in listed:
        assert await files.content(int(str(one["id"])), world.donor)  # as on the pages
        assert one["path"] in names(content)
    said = texts(content)
    for other in ("施样人", "测treasurer", "测payer", "管委会0", "样里邻居"):
        assert other not in said
    assert "S-2" not in said


async def test_an_operator_makes_the_same_by_the_command(world: FundWorld, tmp_path: Path) -> None:
    target, gift_id = tmp_path / "gift.zip", await gift_no("S-1")
    digest = await services.make_dossier(Ref("gift", gift_id), target, report=lambda _: None)
    (gift,) = read(target.read_bytes(), "gifts")
    assert gift["receipt_no"] == "S-1"
    code, said = verify(VERIFIER, target)
    assert (code, digest in said) == (0, True)
    on_record = "select facts->>'manifest' from audit_event where action = 'dossier.made' and subject_id = $1"
    assert await fetch_value(on_record, gift_id) == digest
    with pytest.raises(NothingOnRecord):
        await services.make_dossier(Ref("gift", 2**40), tmp_path / "none.zip", report=lambda _: None)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("records/uses.json", lambda text: text.replace("6200", "6100")),
        ("records/receipts.json", lambda text: text.replace('"amount_fen":10000', '"amount_fen":20000')),
        ("records/lot_moves.json", lambda text: text.replace('"amount_fen":10000', '"amount_fen":9000')),
        ("ledger/transfers.json", lambda _: "[]"),
    ],
)
async def test_whoever_alters_it_and_its_manifest_is_found(
    world: FundWorld, tmp_path: Path, name: str, change: Callable[[str], str]
) -> None:
    await funds.issue_receipt(await gift_no("S-1"), actor=world.donor)
    content = await content_of(await ask(world, "S-1", world.donor))
    folder = tmp_path / "copy"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    path = folder / name
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before
    code, said = verify(folder / "verify.py")
    assert code == 1
    assert name in said  # the manifest tells
    assert len(said.splitlines()) > 3  # and what it says contradicts itself


async def test_a_stranger_with_the_code_gets_no_name_and_no_private_file(
    world: FundWorld, tmp_path: Path
) -> None:
    await give(world, 1_000, "S-4", display="nickname", nickname="晓样", donor_name="隐姓埋")
    content = await content_of(await by_code("S-4"))
    (gift,) = read(content, "gifts")
    assert gift["donor"] == "晓样"
    assert "隐姓埋" not in texts(content)
    content = await content_of(await by_code("S-1"))
    (voucher,) = read(content, "files")
    assert (voucher["name"], voucher["path"], voucher["why_not"]) == ("发票.pdf", None, "private")
    assert not any(name.startswith("documents/") for name in names(content))
    target = tmp_path / "copy.zip"
    target.write_bytes(content)
    assert verify(VERIFIER, target)[0] == 0


async def test_all_gifts_to_one_foundation_and_none_to_another(world: FundWorld) -> None:
    other = await make_fund_world(name="旁样基金会")
    donor = world.donor.person_id
    await give(other, 500, "N-1", donor_id=donor, donor_name="施捐赠")
    await give(world, 700, "S-5", donor_id=donor, donor_name="施捐赠")
    content = await content_of(await ask(world, "S-5", world.donor, whole=True))
    assert [one["receipt_no"] for one in read(content, "gifts")] == ["S-1", "S-5"]
    given = await packs.given_to(donor)
    assert [(one.id, one.count) for one in given] == [(world.foundation, 2), (other.foundation, 1)]


async def test_staff_makes_it_with_a_reason_and_the_donor_reads_that(world: FundWorld) -> None:
    with pytest.raises(PackReasonMissing):
        await ask(world, "S-1", world.treasurer, reason=" ")
    content = await content_of(await ask(world, "S-1", world.treasurer, whole=True, reason=WHY))
    assert read(content, "gifts")[0]["donor"] == "施捐赠"
    donor = world.donor.person_id
    (seen,) = await privacy.accesses(donor, before_id=None, limit=5)
    assert (seen.viewer, seen.what) == ("测treasurer", rules.SEEN_PACK)
    ((pack, asker),) = await packs.packs_of_gift(await gift_no("S-1"))
    assert (pack.reason, asker) == (WHY, "测treasurer")


async def test_who_has_no_business_with_it_gets_none(world: FundWorld) -> None:
    other = await make_fund_world(name="旁样基金会")
    for actor in (other.treasurer, other.donor, world.asker, world.checker):
        with pytest.raises(GiftNotFound):
            await ask(world, "S-1", actor, reason=WHY)
    with pytest.raises(GiftNotFound):
        await services.ask_with_code("no-such-code", address="203.0.113.7")
    waiting = await give(world, 600_000, "S-6", donor_id=world.donor.person_id)
    with pytest.raises(PackNotYet):
        await services.ask_for_pack(waiting, whole=False, reason="", actor=world.donor)
    assert await fetch("select from gift_pack") == []


async def test_the_second_click_is_the_same_job(world: FundWorld) -> None:
    first, second = await asyncio.gather(ask(world, "S-1", world.donor), ask(world, "S-1", world.donor))
    assert first == second
    assert await ask(world, "S-1", world.donor, whole=True) != first
    code = await by_code("S-1")
    assert await by_code("S-1", "198.51.100.9") == code
    await run_due_jobs()
    assert await by_code("S-1") == code  # it is still there
    assert await ask(world, "S-1", world.donor) != first  # made: another is of now


async def test_strangers_of_one_address_wait_and_so_does_a_person(world: FundWorld) -> None:
    for number in range(rules.PACKS_MOST):
        await give(world, 100, f"M-{number}")
        await by_code(f"M-{number}")
    with pytest.raises(TooManyPacks) as refused:
        await by_code("S-2")
    assert 0 < refused.value.retry_after_s <= 3_600
    await by_code("S-2", "198.51.100.9")
    for _ in range(rules.PACKS_MOST):
        await ask(world, "S-1", world.donor)
        await run_due_jobs()
    with pytest.raises(TooManyPacks):
        await ask(world, "S-1", world.donor)
    with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)):
        await ask(world, "S-1", world.donor)


async def test_whoever_ends_the_account_leaves_no_copy_that_tells_the_name(world: FundWorld) -> None:
    await content_of(await ask(world, "S-1", world.treasurer, reason=WHY))
    assert await fetch_value("select count(*) from stored_file") == 1
    await services.forget_packs(world.donor.person_id)
    assert await fetch_value("select count(*) from stored_file") == 0
    assert await fetch_value("select reason from gift_pack") == GONE


async def test_it_is_deleted_after_its_days(world: FundWorld) -> None:
    job_id = await by_code("S-1")
    await run_due_jobs()
    file = await documents.file_of_job(job_id, NOBODY)
    assert file is not None
    assert file.expires_at - file.made_at == timedelta(days=7)
    with clock.frozen(file.expires_at + timedelta(seconds=1)):
        async with unit_of_work():
            assert await keeping.sweep_expired(limit=10) == 1
        assert await by_code("S-1") != job_id
