"""What was registered when 社会团体 and 社会服务机构 were one kind is told apart by its code."""

import contextlib
import io
from datetime import UTC, datetime

from piccolo.apps.migrations.commands.forwards import run_forwards

from core import database
from core.database import fetch, unit_of_work
from migrations import runner

LAST_OLD = "2026-11-22T15:06:09:208817"
OLD = (
    ("51510100MJTEAT009G", "social_organization", "association"),
    ("52510100500000007X", "social_organization", "service_agency"),
    (None, "social_organization", "social_organization"),
    ("53510100500000007T", "foundation", "foundation"),
    ("51510604MJTEAT0008", "community_group", "community_group"),
)


async def test_the_code_tells_the_kind_and_nobody_guesses_without_one(empty_url: str) -> None:
    await database.open_pool(empty_url, size=2)
    try:
        async with unit_of_work() as unit:
            with contextlib.redirect_stdout(io.StringIO()):
                await run_forwards("core", migration_id=LAST_OLD)
            await unit.connection.execute(
                "with place as (insert into region (name, level) values ('样例镇', 'street') returning id)"
                " insert into organization (name, kind, region, uscc, state, reason, registered_at)"
                " select 'n' || n, kind, place.id, code, 'approved', '', $3 from place,"
                " unnest($1::text[], $2::text[]) with ordinality as old (code, kind, n)",
                [code for code, *_ in OLD],
                [kind for _, kind, _ in OLD],
                datetime(2026, 11, 1, tzinfo=UTC),
            )
        await runner.migrate()
        assert [tuple(row) for row in await fetch("select uscc, kind from organization order by name")] == [
            (code, kind) for code, _, kind in OLD
        ]
    finally:
        await database.close_pool()
