"""A volunteer's dossier: the record of service, whose certificates are checked by plain Python."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core import clock
from core.database import unit_of_work
from core.dossiers import verify as verifier
from core.dossiers.errors import NothingOnRecord
from core.dossiers.services import make_dossier
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.records import correct_service, dispute_service
from tests.core.dossiers.test_services import read, unpacked, verify
from tests.core.volunteers.shifts import HOURS, Team, make_shift, make_team, propose, serve
from tests.factories import make_resident


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


@pytest.fixture
async def person(team: Team) -> Actor:
    """With a valid certificate, a void one, and an account that is nobody's business here."""
    person = await make_resident(team.organization.region_id, name="吴志愿", phone="13900000077")
    service_id = await serve(team, await make_shift(team), person)
    await issue_certificate(team.organization.id, shows_name=False, actor=person)
    await correct_service(service_id, 0, reason="记错了", actor=team.leader)
    other = await make_team()
    await serve(other, await make_shift(other, begins_at=clock.now() + 6 * HOURS), person)
    await issue_certificate(other.organization.id, shows_name=False, actor=person)
    async with unit_of_work():
        await ledger.open_account(Ref("person", person.person_id), kind="core.public", unit="CNY")
    return person


@pytest.fixture
async def dossier(person: Actor, tmp_path: Path) -> Path:
    target = tmp_path / "volunteer.zip"
    await make_dossier(Ref("volunteer", person.person_id), target, report=lambda _: None)
    return target


async def test_the_record_is_there_and_nothing_of_others(team: Team, person: Actor, dossier: Path) -> None:
    other = await make_resident(team.organization.region_id)
    await propose(team, await make_shift(team), other)
    (own,) = read(dossier, "records/volunteer.json")
    assert (own["minutes"], own["number"]) == (120, f"ZYZ{person.person_id:08}")
    services = read(dossier, "records/volunteer_services.json")
    assert [row["state"] for row in services] == ["revoked", "confirmed"]
    assert len(read(dossier, "records/evidence.json")) == 2
    assert [a["kind"] for a in read(dossier, "ledger/accounts.json")] == ["core.minutes_served"]
    assert len(read(dossier, "ledger/transfers.json")) == 3
    actions = {row["action"] for row in read(dossier, "records/audit.json")}
    assert {"sign_up.made", "service.confirmed", "certificate.issued"} <= actions
    text = "".join(path.read_text() for path in (unpacked(dossier) / "records").glob("*.json"))
    assert person.name not in text
    assert "13900000077" not in text


async def test_an_organizations_dossier_has_what_was_served_there_and_no_words_of_persons(
    team: Team, person: Actor, tmp_path: Path
) -> None:
    disputed = await propose(team, await make_shift(team, begins_at=clock.now() + 9 * HOURS), person)
    await dispute_service(disputed, answer="我在家照顾父亲，没去", actor=person)
    target = tmp_path / "organization.zip"
    await make_dossier(Ref("organization", team.organization.id), target, report=lambda _: None)
    assert len(read(target, "records/volunteer_opportunities.json")) == 2
    shifts = read(target, "records/volunteer_shifts.json")
    assert [(row["taken"], row["came"], row["missed"]) for row in shifts] == [(1, 1, 0), (1, 1, 0)]
    services = read(target, "records/volunteer_services.json")
    number = f"ZYZ{person.person_id:08}"
    assert [(row["volunteer"], row["state"]) for row in services] == [
        (number, "revoked"),
        (number, "disputed"),
    ]
    assert {row["kind"] for row in read(target, "records/evidence.json")} >= {"core.service"}
    text = "".join(path.read_text() for path in (unpacked(target) / "records").glob("*.json"))
    for word in (person.name, "13900000077", "照顾父亲"):
        assert word not in text
    assert verify(unpacked(target) / "verify.py", target)[0] == 0


async def test_its_verifier_checks_the_certificates_and_finds_it_clean(dossier: Path) -> None:
    status, told = verify(unpacked(dossier) / "verify.py", dossier)
    assert (status, told.splitlines()[0]) == (0, "一致 / clean")


def _forged(row: dict[str, object]) -> dict[str, object]:
    header, payload, signature = str(row["statement"]).split(".")
    facts = json.loads(verifier.decoded(payload))
    said = json.dumps({**facts, "minutes": 1200}, separators=(",", ":"), ensure_ascii=False).encode()
    encoded = base64.urlsafe_b64encode(said).decode().rstrip("=")
    return {**row, "minutes": 1200, "statement": f"{header}.{encoded}.{signature}"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_forged, "the signature is wrong"),
        (lambda row: {**row, "minutes": 1200}, "but signed is 120"),
        (lambda row: {**row, "revoked_at": None}, "but its records sum to 0"),
        (lambda row: {**row, "number": "ZY202600009999"}, "but signed is ZY2026"),
    ],
)
async def test_a_forged_certificate_is_named(
    dossier: Path, change: Callable[[dict[str, object]], dict[str, object]], said: str
) -> None:
    folder = unpacked(dossier)
    path = folder / "records" / "certificates.json"
    path.write_text(json.dumps([change(row) for row in json.loads(path.read_text())]))
    status, told = verify(folder / "verify.py")
    assert status == 1
    assert said in told


async def test_about_nobody_there_is_no_dossier(db: str, tmp_path: Path) -> None:
    with pytest.raises(NothingOnRecord):
        await make_dossier(Ref("volunteer", 10**9), tmp_path / "x.zip", report=lambda _: None)


def test_signatures_are_checked_as_by_the_library_that_makes_them() -> None:
    """RFC 8032, 7.1, test 2; then random ones, whole and with one bit changed."""
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verifier.is_signed(key, b"\x72", signature)
    assert not verifier.is_signed(key, b"\x73", signature)
    assert not verifier.is_signed(key, b"\x72", signature[:32] + bytes(32))
    assert not verifier.is_signed(key, b"\x72", signature[:-1])
    assert not verifier.is_signed(b"\xff" * 32, b"\x72", signature)
    for number in range(8):
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        signed = private.sign(bytes([number]))
        assert verifier.is_signed(public, bytes([number]), signed)
        flipped = signed[:number] + bytes([signed[number] ^ 1]) + signed[number + 1 :]
        assert not verifier.is_signed(public, bytes([number]), flipped)
