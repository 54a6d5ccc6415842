"""`yiji reindex`: index for search everything that there is, again."""

import click

from core import plugins
from core.cli.connection import run_connected
from core.search.services import index_anew


@click.command()
def command() -> None:
    """Index all things for search anew, kind by kind; the product may run meanwhile."""

    async def work() -> None:
        for searchable in plugins.contributions("register_searchables"):
            done = await index_anew(searchable, lambda n, kind=searchable.kind: _report(kind, n))
            click.echo(f"\r{searchable.kind}: {done}")

    run_connected(work)


def _report(kind: str, done: int) -> None:
    click.echo(f"\r{kind}: {done}", nl=False)
