"""`yiji verify`: prove that every balance and every plugin's view follows from the entries."""

import click

from core import plugins
from core.cli.connection import run_connected
from core.database import fetch_row, unit_of_work
from core.manifest import Difference


@click.command()
def command() -> None:
    """Rebuild all balances from the entries; exit status 1 where something differs."""
    found: list[Difference] = []

    async def verify() -> None:
        async with unit_of_work(isolation="repeatable_read", readonly=True) as unit:
            # It reads all there is, and sorts it.
            await unit.connection.execute("set local statement_timeout = 0; set local work_mem = '256MB'")
            found.extend(await plugins.collect("collect_differences"))
            counted = await fetch_row(
                "select (select count(*) from ledger_transfer), (select count(*) from ledger_entry),"
                " (select count(*) from ledger_account)"
            )
        assert counted is not None
        transfers, entries, accounts = counted
        click.echo(f"{transfers} transfers, {entries} entries, {accounts} accounts read")

    run_connected(verify)
    for difference in found:
        click.echo(
            f"{difference.subject}: should be {difference.expected}, is {difference.found}",
            err=True,
        )
    click.echo("clean" if not found else f"{len(found)} differences")
    raise SystemExit(1 if found else 0)
