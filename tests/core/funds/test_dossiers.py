"""What auditors get of a fund: every lot with what became of it, every request with its vote."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core import plugins
from core.database import fetch_value
from core.dossiers.services import make_dossier
from core.funds import services
from core.manifest import DossierPart
from core.reference import Ref
from tests.core.funds.world import FundWorld, paid, report


async def collected(fund_id: int) -> dict[str, DossierPart]:
    found = await plugins.collect("collect_dossier", subject_kind="fund", subject_id=fund_id)
    return {part.name: part for part in found}


async def test_it_holds_lots_requests_votes_and_vouchers(world: FundWorld, other: FundWorld) -> None:
    request = await paid(world, 6200)
    await report(world, request)
    gift = await fetch_value("select id from fund_gift where receipt_no = 'S-1'")
    await services.prepare_refund(gift, reason="退还", payment_no="T-1", actor=world.treasurer)
    await services.sign_refund(gift, actor=world.payer)
    found = await collected(world.fund)
    lots = {row["gift"]: row for row in found["fund_lots"].rows}
    assert [row["amount_fen"] for row in lots.values()] == [10000, 5000, 3000]
    assert lots[gift]["left_fen"] == 0
    moves = [row for row in found["fund_lot_moves"].rows if row["lot"] == lots[gift]["id"]]
    gone = {row["reason"]: row["amount_fen"] for row in moves if not row["came_into_lots"]}
    assert gone == {"core.fund_payment": 6200, "core.fund_refund": 3800}
    (ballot,) = found["fund_ballots"].rows
    votes, recusals = found["fund_votes"].rows, found["fund_recusals"].rows
    assert (ballot["subject_id"], ballot["state"]) == (request, "approved")
    assert [vote["person"] for vote in votes] == [member.person_id for member in world.members[:2]]
    assert [one["person"] for one in recusals] == [world.members[2].person_id]
    (row,) = found["fund_requests"].rows
    assert (row["voucher_no"], row["paid_by"]) == ("V-1", world.payer.person_id)
    assert found["fund_refunds"].rows[0]["signed_by"] == world.payer.person_id


async def test_it_names_no_donor_and_nothing_of_a_neighbour(world: FundWorld, other: FundWorld) -> None:
    await paid(world, 6200)
    text = "".join(str(part.rows) for part in (await collected(world.fund)).values())
    assert "施捐赠" not in text
    assert "施样人" not in text
    ids = {row["fund"] for row in (await collected(other.fund))["fund_lots"].rows}
    assert ids == set()


@pytest.fixture
async def unpacked(world: FundWorld, tmp_path: Path) -> Path:
    """The dossier of a fund whose money was used and accounted for, as auditors unpack it."""
    await report(world, await paid(world, 6200))
    await make_dossier(Ref("fund", world.fund), tmp_path / "fund.zip", report=lambda _: None)
    with zipfile.ZipFile(tmp_path / "fund.zip") as archive:
        archive.extractall(tmp_path / "fund")
    return tmp_path / "fund"


def verify(folder: Path) -> tuple[int, str]:
    """With nothing but the standard library, in a folder of one's own."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout


async def test_its_verifier_finds_it_whole_with_the_voucher_in_it(unpacked: Path) -> None:
    code, said = verify(unpacked)
    assert (code, said.splitlines()[0]) == (0, "一致 / clean")
    papers = [path for path in unpacked.rglob("*") if path.is_file() and b"% invoice" in path.read_bytes()]
    assert len(papers) == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("records/fund_lots.json", "10000", "10001"),
        ("records/fund_lot_moves.json", "6200", "6300"),
        ("records/fund_votes.json", "approve", "reject"),
        ("records/fund_requests.json", "V-1", "V-2"),
    ],
)
async def test_whatever_is_altered_in_it_is_named(unpacked: Path, name: str, old: str, new: str) -> None:
    altered = unpacked / name
    text = altered.read_text(encoding="utf-8")
    assert old in text
    altered.write_text(text.replace(old, new), encoding="utf-8")
    code, said = verify(unpacked)
    assert code == 1
    assert name.rsplit("/", 1)[-1] in said
