"""The migration files: run from nothing, agree with the tables, bear several processes at once."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.conf.apps import Finder

from core import database
from core.database import fetch, fetch_value
from core.settings import ROOT
from migrations import runner

GENERATED = r"^{app}_\d{{4}}_\d{{2}}_\d{{2}}t\d{{2}}_\d{{2}}_\d{{2}}_\d{{6}}$"


@pytest.fixture
async def nothing(empty_url: str) -> AsyncIterator[str]:
    """The pool open on a database without any table."""
    await database.open_pool(empty_url, size=2)
    yield empty_url
    await database.close_pool()


def folders() -> dict[str, Path]:
    """App -> folder of its migrations, of every installed plugin's apps."""
    found = {}
    for app in Finder().get_app_modules():
        config = app.APP_CONFIG
        if config.app_name != "migrations":
            found[config.app_name] = Path(config.resolved_migrations_folder_path)
    return found


async def tables() -> set[str]:
    rows = await fetch("select tablename from pg_tables where schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def test_an_empty_database_is_brought_to_the_present_schema(nothing: str) -> None:
    await runner.migrate()
    expected = {
        table._meta.tablename
        for app in folders()
        for table in Finder().get_app_config(app_name=app).table_classes
    }
    assert expected <= await tables()
    assert await fetch_value("select count(*) from ledger_reason where code = 'garden.plot_fee'") == 1
    assert await fetch_value("select floor from ledger_kind where code = 'core.public'") == 0


async def test_migrating_again_changes_nothing(nothing: str) -> None:
    await runner.migrate()
    before = await fetch("select * from migration order by id"), await tables()
    await runner.migrate()
    assert (await fetch("select * from migration order by id"), await tables()) == before


async def test_every_migration_file_has_run(db: str) -> None:
    rows = await fetch("select app_name, name from migration")
    run = {(row["app_name"], row["name"]) for row in rows}
    assert len(run) == len(rows) == sum(len(list(folder.glob("*.py"))) for folder in folders().values())


async def test_the_tables_agree_with_the_migration_files(db: str) -> None:
    assert await runner.drift() == {}


async def test_a_failing_migration_leaves_nothing(nothing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runner, "declare_codes", refuse)
    with pytest.raises(ZeroDivisionError):
        await runner.migrate()
    assert await tables() == set()


def test_several_processes_migrate_one_database_at_once(empty_url: str, tmp_path: Path) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "core.cli", "migrate"],
            env={**os.environ, "YIJI_DATABASE_URL": empty_url, "YIJI_DATA": str(tmp_path)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    ended = [(start.communicate(timeout=60)[0], start.returncode) for start in starts]
    assert [status for _, status in ended] == [0, 0, 0], ended


async def test_no_foreign_key_deletes_money_along(db: str) -> None:
    rows = await fetch(
        "select conrelid::regclass::text as name, conname, confdeltype from pg_constraint where contype = 'f'"
        " and (conrelid::regclass::text like 'ledger%' or conrelid::regclass::text like 'payment%')"
    )
    assert {"ledger_transfer", "ledger_account", "payment", "payment_order_line"} <= {r["name"] for r in rows}
    assert {row["conname"] for row in rows if row["confdeltype"] not in (b"r", b"a")} == set()


_COVERED = """
select small.indexrelid::regclass::text || ' by ' || large.indexrelid::regclass::text as name
from pg_index small
join pg_class c on c.oid = small.indexrelid and c.relnamespace = 'public'::regnamespace
join pg_index large on large.indrelid = small.indrelid and large.indexrelid <> small.indexrelid
join pg_class l on l.oid = large.indexrelid and l.relam = c.relam
where not small.indisunique and small.indexprs is null and large.indexprs is null
    and pg_get_expr(small.indpred, small.indrelid) is not distinct from
        pg_get_expr(large.indpred, large.indrelid)
    and (small.indkey::text = large.indkey::text
            and (large.indisunique or small.indexrelid > large.indexrelid)
        or large.indkey::text like small.indkey::text || ' %')
    and (string_to_array(large.indclass::text, ' '))[:small.indnkeyatts]
        = string_to_array(small.indclass::text, ' ')"""


async def test_no_index_says_what_another_says(db: str) -> None:
    """Each is written with every row; one that begins with the same columns serves its questions too."""
    assert {row["name"] for row in await fetch(_COVERED)} == set()


def test_every_file_stands_in_its_apps_folder_and_keeps_its_generated_name() -> None:
    for app, folder in folders().items():
        assert folder == ROOT / "migrations" / app
        for path in folder.glob("*.*"):
            assert re.match(GENERATED.format(app=app), path.stem), path


def test_no_file_name_stands_in_two_folders() -> None:
    """Piccolo imports a migration by its bare file name: the second of that name would be the first."""
    names = [path.name for folder in folders().values() for path in folder.glob("*.py")]
    assert len(names) == len(set(names))


def test_hand_written_sql_stands_beside_the_migration_that_runs_it() -> None:
    for folder in folders().values():
        for sql in folder.glob("*.sql"):
            assert "run_sql_beside" in sql.with_suffix(".py").read_text(encoding="utf-8"), sql
