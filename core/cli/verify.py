"""`yiji verify`: prove that every balance and every plugin's view follows from the entries."""

from functools import partial

import click

from core import clock, plugins
from core.cli.connection import run_connected
from core.database import unit_of_work
from core.ledger import queries
from core.ledger.queries import Checkpoint
from core.ledger.services import keep_checkpoint, prepare_checkpoint
from core.manifest import Difference

LEAST = 100_000


@click.command()
@click.option("--all", "whole", is_flag=True, help="Read the ledger from its beginning.")
def command(whole: bool) -> None:
    """Rebuild all balances from the entries; exit status 1 where something differs.

    A clean proof of many entries leaves a signed checkpoint; the next one trusts it, and reads only what
    came after. What was changed before it, behind the back of the product, only --all sees.
    """
    found: list[Difference] = []
    run_connected(partial(_verify, found, whole, LEAST))
    for difference in found:
        click.echo(
            f"{difference.subject}: should be {difference.expected}, is {difference.found}",
            err=True,
        )
    click.echo("clean" if not found else f"{len(found)} differences")
    raise SystemExit(1 if found else 0)


async def _verify(found: list[Difference], whole: bool, least: int) -> None:
    upto = await prepare_checkpoint(least, whole=whole)
    async with unit_of_work(isolation="repeatable_read", readonly=True) as unit:
        # It may read all there is, and sorts it.
        await unit.connection.execute("set local statement_timeout = 0; set local work_mem = '256MB'")
        since = None if whole else (await queries.trusted_checkpoint())[0]
        found.extend(await plugins.collect("collect_differences"))
        books = await queries.differences_since(None) if whole else found
        found.extend([difference for difference in books if difference not in found])
        read = f"since {_named(since)}" if since else "from the beginning"
        click.echo(f"{await queries.legs_since(since)} entries {read}")
        if upto is not None and not books:
            click.echo(f"made {_named(await keep_checkpoint(upto))}")


def _named(checkpoint: Checkpoint) -> str:
    return f"the checkpoint {checkpoint.id} of {clock.local(checkpoint.made_at):%Y-%m-%d %H:%M}"
