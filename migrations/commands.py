"""`yiji migrate`, `yiji migration new`, and what `yiji up` runs before it starts its processes."""

import click

from core.cli import demo
from core.cli.connection import run_connected
from core.people.services import make_findable_once
from core.search.services import index_new_kinds
from migrations import runner


@click.command()
def migrate() -> None:
    """Bring the database to the present schema, all or nothing."""
    run_connected(_migrate)


async def _migrate() -> None:
    await runner.migrate()
    await index_new_kinds()
    await make_findable_once()


@click.command(hidden=True)
def prepare() -> None:
    """Migrate, and build the demo world in a new database."""

    async def work() -> None:
        await _migrate()
        if await demo.is_due():
            click.echo("first start: building the demo world")
            await demo.build()

    run_connected(work)


@click.group()
def migration() -> None:
    """Migration files."""


@migration.command()
@click.argument("app")
@click.option("--desc", required=True, help="what changes, in a few words")
@click.option("--sql", is_flag=True, help="an empty file for hand-written SQL")
def new(app: str, desc: str, sql: bool) -> None:
    """Write the next migration file of APP from its tables. Keep the generated name."""

    async def work() -> None:
        path = await runner.make(app, description=desc, auto=not sql)
        click.echo(path or "no changes")

    run_connected(work)
