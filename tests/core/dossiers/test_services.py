"""A dossier: what is in it, that it checks itself anywhere, and that nothing in it can be altered unseen."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.audit.services import seal
from core.database import fetch_row, fetch_value, unit_of_work
from core.dossiers.errors import NothingOnRecord
from core.dossiers.services import make_dossier
from core.evidence.services import record_evidence
from core.files.rules import Upload
from core.files.services import keep_file
from core.payments.services import take_at_counter
from core.reference import Ref
from plugins.garden import services as garden
from tests.factories import Committee, make_committee, make_garden, make_resident
from workers.drain import run_due_jobs

NAME = "孙种菜"


@pytest.fixture
async def committee(db: str) -> Committee:
    """With a paid lease, a reserved one, evidence, and a file with a difficult name."""
    committee = await make_committee()
    _, plots = await make_garden(committee)
    for number, plot in enumerate(plots[:2]):
        resident = await make_resident(committee.region_id, name=NAME, phone=f"1390000000{number}")
        order_id = await garden.claim_plot(plot, agreed=True, actor=resident)
    await take_at_counter(order_id, amount_fen=3500, receipt_no="A-1", actor=committee.treasurer)
    await run_due_jobs()
    async with unit_of_work():
        await record_evidence("test.seen", committee.ref, actor_id=None, n=1)
        upload = Upload("../../etc/账 目.pdf", b"%PDF-1.7\n%%EOF")
        await keep_file(upload, subject=committee.ref, actor_id=committee.treasurer.person_id)
    async with unit_of_work():
        await seal()
    return committee


@pytest.fixture
async def dossier(committee: Committee, tmp_path: Path) -> Path:
    target = tmp_path / "dossier.zip"
    await make_dossier(committee.ref, target, report=lambda _: None)
    return target


def read(dossier: Path, name: str) -> list[dict[str, object]]:
    with zipfile.ZipFile(dossier) as archive:
        found: list[dict[str, object]] = json.loads(archive.read(name))
    return found


def verify(*arguments: object) -> tuple[int, str]:
    """As an auditor runs it: without anything that is installed, in a folder of one's own."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", *map(str, arguments)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def unpacked(dossier: Path) -> Path:
    folder = dossier.with_suffix("")
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(folder)
    return folder


async def test_everything_about_an_organization_is_there(committee: Committee, dossier: Path) -> None:
    (own,) = read(dossier, "records/organization.json")
    assert own["id"] == committee.id
    assert {order["state"] for order in read(dossier, "records/orders.json")} == {"open", "paid"}
    assert [paid["receipt_no"] for paid in read(dossier, "records/payments.json")] == ["A-1"]
    assert {lease["state"] for lease in read(dossier, "records/garden.leases.json")} == {"reserved", "active"}
    assert [one["facts"] for one in read(dossier, "records/evidence.json")] == [{"n": 1}]
    actions = {event["action"] for event in read(dossier, "records/audit.json")}
    assert {"organization.registered", "order.paid", "garden.plot_claimed", "role.granted"} <= actions
    with zipfile.ZipFile(dossier) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        sealed = await fetch_value("select encode(digest, 'hex') from audit_seal")
        assert manifest["audit_seal"]["digest"] == sealed
        assert set(manifest["files"]) == set(names) - {"manifest.json"}
        (document,) = [name for name in names if name.startswith("documents/")]
        assert re.fullmatch(r"documents/\d+-[\w.-]+", document)
        assert "/.." not in document


async def test_a_statement_is_the_account_and_transfers_have_all_their_legs(
    committee: Committee, dossier: Path
) -> None:
    accounts = {a["kind"]: a for a in read(dossier, "ledger/accounts.json")}
    public = accounts["core.public"]
    assert (public["balance"], public["digits"]) == (3500, 2)
    with zipfile.ZipFile(dossier) as archive:
        text = archive.read(f"ledger/statement-{public['id']}.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[-2:] for row in rows[1:]] == [["5.00", "5.00"], ["30.00", "35.00"]]
    for transfer in read(dossier, "ledger/transfers.json"):
        assert sum(entry["amount"] for entry in transfer["entries"]) == 0  # type: ignore[attr-defined]


async def test_persons_stand_in_it_by_number_only(dossier: Path) -> None:
    with zipfile.ZipFile(dossier) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode(errors="replace")
            assert NAME not in content, name
            assert "13900000000" not in content, name


async def test_its_verifier_finds_it_clean_zipped_and_unpacked(dossier: Path) -> None:
    digest = await fetch_value("select facts->>'manifest' from audit_event where action = 'dossier.made'")
    folder = unpacked(dossier)
    for run in (verify(folder / "verify.py", dossier), verify(folder / "verify.py")):
        assert run == (0, f"一致 / clean\nmanifest.json SHA-256 {digest}\n")


def _without_a_line(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:1] + lines[2:])


@pytest.mark.parametrize(
    ("pattern", "change", "said"),
    [
        ("records/payments.json", lambda text: text.replace("A-1", "A-2"), "payments.json: 内容改过"),
        ("ledger/transfers.json", lambda text: text.replace(":3000", ":3001"), "分录合计 1"),
        ("ledger/transfers.json", lambda text: text.replace("3000", "2900"), "has no entry of 3000"),
        ("ledger/accounts.json", lambda text: text.replace(":3500", ":9900"), "not 9900 after 2"),
        ("ledger/statement-*.csv", lambda text: text.replace("35.00", "36.00"), "3600, not 3500"),
        ("ledger/statement-*.csv", lambda text: text.replace("30.00", "31.00"), "lacks the 3000"),
        ("ledger/statement-*.csv", _without_a_line, "has the number 2"),
        ("ledger/accounts.json", lambda _: "{", "cannot be read"),
    ],
)
async def test_whatever_is_altered_is_named(
    dossier: Path, pattern: str, change: Callable[[str], str], said: str
) -> None:
    folder = unpacked(dossier)
    altered = False
    for path in folder.glob(pattern):
        before = path.read_bytes().decode()
        path.write_bytes(change(before).encode())
        altered |= change(before) != before
    assert altered
    status, told = verify(folder / "verify.py")
    assert status != 0
    assert said in told


async def test_what_is_missing_or_came_later_is_named(dossier: Path) -> None:
    folder = unpacked(dossier)
    (folder / "records/roles.json").unlink()
    next(folder.glob("ledger/statement-*.csv")).unlink()
    (folder / "documents/late.txt").write_text("x")
    status, told = verify(folder / "verify.py")
    assert status == 1
    assert "records/roles.json: 缺少" in told
    assert "documents/late.txt: 清单里没有" in told
    assert told.count("ledger/statement-") == 1
    assert "发现 3 处" in told


async def test_what_is_no_dossier_is_said_in_words(tmp_path: Path, dossier: Path) -> None:
    verifier = unpacked(dossier) / "verify.py"
    for wrong in (tmp_path / "nothing.zip", tmp_path):
        status, told = verify(verifier, wrong)
        assert (status, told.startswith("读不懂")) == (2, True)


@pytest.mark.parametrize("kind", ["organization", "fund", "garden", "nothing"])
async def test_about_nothing_there_is_no_dossier(db: str, tmp_path: Path, kind: str) -> None:
    with pytest.raises(NothingOnRecord):
        await make_dossier(Ref(kind, 10**9), tmp_path / "x.zip", report=lambda _: None)
    assert list(tmp_path.iterdir()) == []
    assert await fetch_row("select from audit_event where action = 'dossier.made'") is None


async def test_what_fails_leaves_no_half_file(
    committee: Committee, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("core.dossiers.queries.contents", fails)
    with pytest.raises(OSError, match="no space"):
        await make_dossier(committee.ref, tmp_path / "x.zip", report=lambda _: None)
    assert list(tmp_path.iterdir()) == []


async def test_a_garden_has_a_dossier_by_its_plugin(committee: Committee, tmp_path: Path) -> None:
    """Core knows no gardens: `collect_dossier` does."""
    garden_id = await fetch_value("select id from garden")
    target = tmp_path / "garden.zip"
    await make_dossier(Ref("garden", garden_id), target, report=lambda _: None)
    assert len(read(target, "records/garden.leases.json")) == 2
    with zipfile.ZipFile(target) as archive:
        assert "records/orders.json" not in archive.namelist()
