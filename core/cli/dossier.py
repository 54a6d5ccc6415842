"""`yiji dossier KIND ID`: everything about one thing for its auditors, as a zip that checks itself."""

from functools import partial
from pathlib import Path

import click

from core.cli.connection import run_connected
from core.dossiers.errors import NothingOnRecord
from core.dossiers.services import make_dossier
from core.reference import Ref


@click.command()
@click.argument("kind")
@click.argument("number", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="KIND-ID.zip by default.")
def command(kind: str, number: int, out: Path | None) -> None:
    """Write the dossier of KIND ID (organization 7, fund 3, gift 9, volunteer 12) into a new zip.

    The product may run meanwhile. `python3 verify.py`, inside, checks it anywhere.
    """
    subject = Ref(kind, number)
    target = out or Path(f"{kind}-{number}.zip")
    if target.exists():
        raise click.BadParameter(f"{target} is there already", param_hint="--out")
    if not target.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {target.absolute().parent}", param_hint="--out")
    run_connected(partial(_make, subject, target))


async def _make(subject: Ref, target: Path) -> None:
    try:
        digest = await make_dossier(subject, target, report=click.echo)
    except NothingOnRecord:
        raise click.ClickException(f"nothing is on record about {subject}") from None
    click.echo(f"{target}: {target.stat().st_size} bytes")
    click.echo(f"manifest.json SHA-256 {digest}")
