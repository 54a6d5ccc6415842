"""Whoever has ended the account is nobody any more; what the books, papers and auditors say still holds."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from core import clock, plugins
from core.database import fetch_value, unit_of_work
from core.dossiers.services import make_dossier
from core.privacy.services import ask_deletion, end_accounts
from core.reference import Ref
from core.volunteers.queries import certificates, records
from core.volunteers.services.certificates import issue_certificate
from tests.core.dossiers.test_services import unpacked, verify
from tests.core.volunteers.shifts import make_shift, make_team, serve
from tests.factories import make_resident


async def test_a_volunteers_minutes_and_certificate_outlive_the_account(db: str, tmp_path: Path) -> None:
    team = await make_team()
    person = await make_resident(team.organization.region_id, name="吴志愿")
    with clock.frozen(clock.now() - timedelta(days=2)):
        await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=True, actor=person)
    printed = certificates.link_of(await certificates.certificate(id_))
    await ask_deletion(sure=True, actor=person)
    with clock.frozen(clock.now() + timedelta(days=8)):
        async with unit_of_work():
            await end_accounts()
    assert await fetch_value("select gone_at is not null from person where id = $1", person.person_id)
    assert await records.minutes_of(person.person_id) == 120
    differences: Sequence[object] = await plugins.collect("collect_differences")
    assert differences == []
    path, _, key = printed.partition("?k=")
    found = await certificates.verified(path.rpartition("/")[2], key)
    assert (found.shown_name, found.minutes, found.revoked_at) == ("已注销", 120, None)
    target = tmp_path / "volunteer.zip"
    await make_dossier(Ref("volunteer", person.person_id), target, report=lambda _: None)
    assert verify(unpacked(target) / "verify.py", target)[0] == 0
