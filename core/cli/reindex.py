"""`yiji reindex`: index for search everything that there is, again."""

import sys
from functools import partial

import click

from core import plugins
from core.cli.connection import run_connected
from core.people.services import make_all_findable
from core.search.services import index_anew


@click.command()
def command() -> None:
    """Index all things for search anew, kind by kind; the product may run meanwhile."""

    async def work() -> None:
        for searchable in plugins.contributions("register_searchables"):
            _done(searchable.kind, await index_anew(searchable, partial(_report, searchable.kind)))
        _done("person", await make_all_findable(partial(_report, "person")))

    run_connected(work)


def _done(kind: str, done: int) -> None:
    click.echo(("\r" if sys.stdout.isatty() else "") + f"{kind}: {done}")


def _report(kind: str, done: int) -> None:
    """A line that grows on a terminal."""
    if sys.stdout.isatty():
        click.echo(f"\r{kind}: {done}", nl=False)
