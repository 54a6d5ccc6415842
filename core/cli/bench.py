"""`yiji bench NAME`: measure, print, and judge nothing."""

import json
import runpy

import click

from core.settings import ROOT

_FOLDER = ROOT / "tests" / "bench"


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="one JSON object instead of lines")
def command(name: str, as_json: bool) -> None:
    """Run the benchmark NAME of `tests/bench/` and print its figures."""
    path = _FOLDER / f"{name}.py"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in _FOLDER.glob("*.py")))
        raise click.BadParameter(f"there is no benchmark {name!r}; there are: {known}")
    figures = runpy.run_path(str(path))["measure"]()
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        for key, value in figures.items():
            click.echo(f"{key}: {value}")
