"""The conventions of `conventions.py` for every installed plugin, and for its tables in the database.

A stranger who has installed a plugin here asks for the verdict on it: `pytest tests/contracts -k NAME`.
"""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import plugins, settings
from core.database import fetch
from core.piccolo_app import APP_CONFIG as CORE
from tests.contracts.conventions import CONVENTIONS, Plugin
from tests.installed import Installation
from tests.processes import ROOT
from web.app import create_litestar

PLUGINS = [Plugin.of(module) for name, module in plugins.installed().items() if name != "core"]
Convention = Callable[[Plugin], Iterator[str]]

each_plugin = pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
each_convention = pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.__name__)


@each_plugin
@each_convention
def test_a_plugin_keeps_the_convention(plugin: Plugin, convention: Convention) -> None:
    assert list(convention(plugin)) == [], inspect.getdoc(convention)


@each_convention
def test_a_convention_says_in_one_sentence_what_it_protects(convention: Convention) -> None:
    words = inspect.getdoc(convention) or ""
    assert words.startswith("Protects ")
    assert words.endswith(".")


_KEYS = """
select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as target,
    c.confdeltype = 'c' as cascades, exists (
        select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indisvalid
            and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL%')) as has_index
from pg_constraint c
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.conrelid::regclass::text = any($1)
    -- Codes are never deleted, and nobody looks for all rows of one.
    and c.confrelid::regclass::text not in ('ledger_kind', 'ledger_unit', 'ledger_reason')"""


async def keys_of(tables: list[type]) -> list[dict[str, object]]:
    names = [table._meta.tablename for table in tables]  # type: ignore[attr-defined]
    return [{**row, "table": row["table"].strip('"')} for row in await fetch(_KEYS, names)]


@pytest.mark.parametrize(
    "tables",
    [CORE.table_classes, *(plugin.tables for plugin in PLUGINS)],
    ids=["core", *(plugin.name for plugin in PLUGINS)],
)
async def test_every_foreign_key_has_an_index_and_cascades_only_where_it_was_said(
    tables: list[type], db: str
) -> None:
    """Protects speed (who deletes or joins finds the rows) and data (raw SQL added no cascade)."""
    keys = await keys_of(tables)
    assert {f"{k['table']}.{k['column']}" for k in keys if not k["has_index"]} == set()
    said = {
        (table._meta.tablename, column._meta.db_column_name)  # type: ignore[attr-defined]
        for table in tables
        for column in table._meta.foreign_key_columns  # type: ignore[attr-defined]
        if column._foreign_key_meta.on_delete.value == "CASCADE"
    }
    assert {(k["table"], k["column"]) for k in keys if k["cascades"]} == said


@each_plugin
async def test_a_plugins_keys_stay_at_home(plugin: Plugin, db: str) -> None:
    """Protects removal: a plugin's tables hold on to core's and its own, never to another plugin's."""
    allowed = {table._meta.tablename for table in [*CORE.table_classes, *plugin.tables]}
    assert {str(key["target"]).strip('"') for key in await keys_of(plugin.tables)} <= allowed


def test_every_api_route_explains_itself(data_folder: Path) -> None:
    """Protects who writes programs: core's routes, too, say in OpenAPI what they do."""
    found = {
        handler
        for route in create_litestar(settings.load()).routes
        for handler in getattr(route, "route_handlers", [])
        if route.path.startswith("/api/v1/") and handler.http_methods != {"OPTIONS"}
    }
    ours = {handler for handler in found if not handler.fn.__module__.startswith("litestar.")}
    assert len(ours) > 20
    assert {h.fn.__name__ for h in ours if not h.summary or not h.fn.__doc__} == set()


@pytest.mark.process
def test_the_example_keeps_every_convention_and_its_own_tests(tmp_path: Path) -> None:
    example = ROOT / "tests" / "example_plugin"
    installation = Installation(tmp_path / "venv")
    installation.install("-e", str(example))
    own = installation.run("pytest", "-q", cwd=example)
    assert own.returncode == 0, own.stdout[-3000:]
    contract = installation.run("pytest", "-q", "tests/contracts", "-k", "toolshed")
    assert contract.returncode == 0, contract.stdout[-3000:]
    assert " passed" in contract.stdout
