"""`yiji plugin new NAME`: a thin but whole plugin, which installs and passes its own tests at once.

The skeleton is text: `PLUGIN` becomes the name, `STAMP_n` and `ID_n` the names of its two migrations.
"""

import importlib.util
import keyword
import re
from datetime import timedelta
from pathlib import Path

import click

from core import clock, plugins

_SKELETON = Path(__file__).parent / "skeleton"
_NAME_MOST = 30
_NEXT = """\
{folder} is written. With the product's Python:
  pip install --no-deps --no-build-isolation -e {folder}
  yiji migrate          (yiji up does it too)
  pytest {folder}
Then open /{name}, and read on in plugins/README.md."""


@click.group()
def command() -> None:
    """Plugins."""


@command.command()
@click.argument("name")
@click.option(
    "--here",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="the folder in which the plugin's folder is made; by default this one",
)
def new(name: str, here: Path) -> None:
    """Write the skeleton of the plugin NAME."""
    if reason := refusal(name, here):
        raise click.BadParameter(reason, param_hint="NAME")
    folder = here / name
    for path, text in skeleton(name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    click.echo(_NEXT.format(folder=folder, name=name))


def refusal(name: str, here: Path) -> str | None:
    """Why there cannot be a new plugin of this name in this folder; None: there can."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return f"{name!r} is not a name: lower-case letters, digits and _, a letter first"
    if len(name) > _NAME_MOST:
        return f"{name!r} is too long: it begins the name of every table, so {_NAME_MOST} characters at most"
    if name in plugins.installed():
        return f"a plugin {name!r} is installed already"
    if keyword.iskeyword(name) or importlib.util.find_spec(name) is not None:
        return f"{name!r} is a word or module of Python here, and could not be imported"
    if (here / name).exists():
        return f"{here / name} is there already"
    return None


def skeleton(name: str) -> dict[str, str]:
    """Path -> text of every file of a new plugin."""
    words = {"PLUGIN": name}
    for number in (1, 2):
        made_at = clock.now() + timedelta(seconds=number)
        words[f"STAMP_{number}"] = made_at.strftime("%Y_%m_%dt%H_%M_%S_%f")
        words[f"ID_{number}"] = made_at.strftime("%Y-%m-%dT%H:%M:%S:%f")
    return {
        _filled(path.relative_to(_SKELETON).as_posix().removesuffix(".txt"), words): _filled(
            path.read_text(encoding="utf-8"), words
        )
        for path in sorted(_SKELETON.rglob("*.txt"))
    }


def _filled(text: str, words: dict[str, str]) -> str:
    for word, meant in words.items():
        text = text.replace(word, meant)
    return text
