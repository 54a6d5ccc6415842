"""`yiji demo`: build the demo world, through the same services as real life."""

import sys
import time

import click

from core import plugins, settings
from core.audit.services import record_audit
from core.cli.connection import run_connected
from core.database import fetch_value, unit_of_work
from core.reference import Ref

_WORLD = Ref("demo", 1)


@click.command()
def command() -> None:
    """Build the demo world, or what is missing of it."""
    run_connected(build)


async def is_due() -> bool:
    """Should `yiji up` build it: is the database new, or did an earlier run stop half way?"""
    if not settings.load().demo:
        return False
    last = await fetch_value(
        "select action from audit_event where subject_kind = $1 and subject_id = $2 order by id desc limit 1",
        *_WORLD,
    )
    if last is None:
        return not await fetch_value("select exists (select from person)")
    return bool(last == "demo.begun")


async def build() -> None:
    """Run every plugin's demo steps in order, with progress, and write down the accounts."""
    began = time.monotonic()
    await _record("demo.begun")
    for step in sorted(plugins.contributions("register_demo_steps"), key=lambda s: s.order):
        await step.build(lambda done, of, title=step.title: _report(title, done, of))
    accounts = plugins.contributions("register_demo_accounts")
    lines = [f"  {a.phone}  {a.password}  {a.name}  {a.role}\n" for a in accounts]
    path = settings.load().data / "demo-accounts.txt"
    path.write_text("demo accounts (phone, password, name, role):\n" + "".join(lines), "utf-8")
    await _record("demo.built")
    click.echo(f"demo world ready after {time.monotonic() - began:.1f} s")


async def _record(action: str) -> None:
    async with unit_of_work():
        record_audit(action, _WORLD, actor_id=None)


def _report(title: str, done: int, of: int) -> None:
    """One line that grows on a terminal; elsewhere only the last line of a step."""
    if sys.stdout.isatty():
        click.echo(f"\r{title}: {done}/{of}", nl=done == of)
    elif done == of:
        click.echo(f"{title}: {done}/{of}")
