"""Certificates, what a stranger may read of them, what waits for whom, stars."""

import asyncio
import base64
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import core.volunteers
from core import clock, signature
from core.database import fetch
from core.documents.papers import Facts, Table
from core.documents.queries import file_of_job
from core.people.rules import Actor
from core.volunteers import errors
from core.volunteers.papers import certificate_paper
from core.volunteers.queries import certificates, records, sign_ups
from core.volunteers.queries.todos import todos
from core.volunteers.services.certificates import (
    ask_for_certificate,
    issue_certificate,
    readable_certificate,
    revoke_certificate,
)
from core.volunteers.services.records import (
    correct_service,
    dispute_service,
    propose_service,
)
from tests.core.volunteers.shifts import (
    HOURS,
    Team,
    attend,
    join,
    make_shift,
    make_team,
    notices,
    serve,
)
from tests.factories import make_resident
from workers.drain import run_due_jobs


async def test_a_certificate_is_the_sum_and_a_stranger_can_check_it(team: Team, person: Actor) -> None:
    with pytest.raises(errors.NothingToCertify):
        await issue_certificate(team.organization.id, shows_name=False, actor=person)
    await serve(team, await make_shift(team), person)
    certificate_id = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    assert await issue_certificate(team.organization.id, shows_name=False, actor=person) == certificate_id
    in_full = await issue_certificate(team.organization.id, shows_name=True, actor=person)
    assert in_full != certificate_id
    found = await certificates.certificate(certificate_id)
    assert (found.minutes, found.services, found.shown_name) == (120, 1, "吴**")
    assert (await certificates.certificate(in_full)).shown_name == "吴志愿"
    key = certificates.key_of(found)
    assert (await certificates.verified(found.number, key)).id == certificate_id
    for number, k in ((found.number, "f" * 24), ("ZY000000000000", key)):
        with pytest.raises(errors.CertificateNotFound):
            await certificates.verified(number, k)
    await fetch("update volunteer_certificate set minutes = 9999 where id = $1", certificate_id)
    with pytest.raises(errors.CertificateNotFound):
        await certificates.verified(found.number, key)


async def test_a_certificate_is_revoked_once_with_a_reason_by_its_organization(
    team: Team, person: Actor
) -> None:
    await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    other = await make_team()
    with pytest.raises(errors.CertificateNotFound):
        await readable_certificate(id_, other.leader)
    with pytest.raises(errors.CertificateNotFound):
        await revoke_certificate(id_, reason="冒名", actor=other.leader)
    with pytest.raises(errors.CertificateNotFound):
        await revoke_certificate(id_, reason="冒名", actor=person)
    with pytest.raises(errors.ReasonMissing):
        await revoke_certificate(id_, reason="", actor=team.leader)
    await revoke_certificate(id_, reason="冒名", actor=team.leader)
    with pytest.raises(errors.CertificateRevoked):
        await revoke_certificate(id_, reason="冒名", actor=team.leader)
    assert (await readable_certificate(id_, person)).reason == "冒名"


async def test_what_waits_is_said_to_the_volunteer_and_to_the_leader(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    await attend(shift_id, person)
    later = (await sign_ups.sign_up(sign_up_id)).ends_at + HOURS
    (todo,) = await todos(team.leader, later)
    assert (todo.path, todo.count) == (f"/volunteers/lead/shifts/{shift_id}", 1)
    with clock.frozen(later):
        service_id = await propose_service(sign_up_id, 120, actor=team.leader)
    assert await todos(team.leader, later) == []
    (todo,) = await todos(person, later)
    assert todo.path == f"/volunteers/services/{service_id}"
    await dispute_service(service_id, answer="不对", actor=person)
    assert await todos(person, later) == []
    (todo,) = await todos(team.leader, later)
    assert todo.path == f"/volunteers/services/{service_id}"


async def test_the_first_hundred_hours_are_a_star_worth_telling(team: Team, person: Actor) -> None:
    """Events `service_confirmed` and `service_revoked` reach core like anybody."""
    from core.organizations.services import set_rule
    from core.people.rules import ADMINISTRATOR, Grant
    from core.reference import PLATFORM

    administrator = replace(team.leader, grants=(Grant(ADMINISTRATOR, PLATFORM),))
    await set_rule(
        "core.volunteers.star_1_hours", PLATFORM, 2, effective_on=clock.today(), actor=administrator
    )
    await serve(team, await make_shift(team), person)
    assert "时长够升星了" in await notices(person)
    star = await records.star_of(120, person.person_id, clock.today())
    assert (star.stars, star.next_hours) == (1, 300)


async def test_no_certificate_counts_what_is_taken_back_at_the_same_time(team: Team, person: Actor) -> None:
    service_id = await serve(team, await make_shift(team), person)
    await asyncio.gather(
        issue_certificate(team.organization.id, shows_name=False, actor=person),
        correct_service(service_id, 0, reason="整场取消", actor=team.leader),
        return_exceptions=True,
    )
    found = await certificates.certificates_of(person.person_id, limit=10)
    assert [certificate for certificate in found if certificate.revoked_at is None] == []


async def test_a_certificate_is_checked_without_us_by_the_published_key(team: Team, person: Actor) -> None:
    await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    found = await certificates.certificate(id_)
    link, statement = certificates.code_of(found).split("#")
    assert link.endswith(certificates.link_of(found))
    header, payload, signed = statement.split(".")
    key = Ed25519PublicKey.from_public_bytes(signature.public_key(certificates.SIGNED_AS))
    key.verify(_bytes(signed), f"{header}.{payload}".encode())
    said = json.loads(_bytes(payload))
    assert (said["jti"], said["name"], said["minutes"]) == (found.number, "吴**", 120)
    forged = _text(json.dumps({**said, "minutes": 1200}).encode())
    with pytest.raises(InvalidSignature):
        key.verify(_bytes(signed), f"{header}.{forged}".encode())


async def test_openssl_alone_checks_a_certificate_as_the_readme_says(
    team: Team, person: Actor, tmp_path: Path
) -> None:
    await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=True, actor=person)
    code = certificates.code_of(await certificates.certificate(id_))
    (tmp_path / "key.pem").write_text(signature.public_pem(certificates.SIGNED_AS))
    readme = (Path(core.volunteers.__file__).parent / "README.md").read_text()
    script = readme.split("```sh\n")[1].split("```")[0]
    for shown, verdict in ((code, "Signature Verified Successfully"), (code[:-3] + "AAA", "failure")):
        run = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env={**os.environ, "code": shown},
            text=True,
            capture_output=True,
        )
        assert verdict in (run.stdout + run.stderr).replace("Failure", "failure"), run
    assert "吴志愿" in run.stdout


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


async def test_a_certificate_is_printed_for_its_owner_and_its_organization_until_it_is_void(
    team: Team, person: Actor
) -> None:
    await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=True, actor=person)
    for stranger in ((await make_team()).leader, await make_resident(team.organization.region_id)):
        with pytest.raises(errors.CertificateNotFound):
            await ask_for_certificate(id_, actor=stranger)
    await ask_for_certificate(id_, actor=team.leader)
    job_id = await ask_for_certificate(id_, actor=person)
    await run_due_jobs()
    file = await file_of_job(job_id, person.person_id)
    assert file is not None
    assert file.name.endswith(f"{(await certificates.certificate(id_)).number}.pdf")
    await revoke_certificate(id_, reason="冒名", actor=team.leader)
    with pytest.raises(errors.CertificateRevoked):
        await ask_for_certificate(id_, actor=person)


async def test_the_paper_says_who_what_how_long_and_is_void_with_its_certificate(
    team: Team, person: Actor
) -> None:
    await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    found = await certificates.certificate(id_)
    lines = await certificates.certified(found, limit=10)
    paper = certificate_paper(found, lines, code="https://example.org")
    (table,) = (part for part in paper.parts if isinstance(part, Table))
    assert [row[1:] for row in table.rows] == [("陪老人聊天", "120")]
    (facts,) = (part for part in paper.parts if isinstance(part, Facts))
    assert dict(facts.pairs)["志愿者编号"] == f"ZYZ{person.person_id:08}"
    assert paper.remark == ""
    await revoke_certificate(id_, reason="冒名", actor=team.leader)
    void = certificate_paper(await certificates.certificate(id_), lines, code="https://example.org")
    assert void.remark == "已作废"
