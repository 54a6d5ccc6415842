"""The command `yiji`. Its commands come by entry point (`yiji.commands`), so core imports no other layer."""

from importlib.metadata import entry_points
from typing import Any

import click

from core.errors import PluginRefused


class _Commands(click.Group):
    """Loads a command when it is called: `up` must not pay for what `migrate` imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(point.name for point in entry_points(group="yiji.commands"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for point in entry_points(group="yiji.commands", name=cmd_name):
            command = point.load()
            assert isinstance(command, click.Command)
            return command
        return None

    def invoke(self, ctx: click.Context) -> Any:
        """A plugin that breaks the contract is a sentence to read, not a traceback."""
        try:
            return super().invoke(ctx)
        except PluginRefused as refused:
            click.echo(str(refused), err=True)
            raise SystemExit(2) from None


@click.command(cls=_Commands)
def main() -> None:
    """益集: volunteers and public-benefit projects. Start with `yiji up`."""
