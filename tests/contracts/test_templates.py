"""Templates take in what they use, and nothing else."""

from pathlib import Path

from jinja2 import nodes

from core.settings import ROOT
from web.templates import environment


def _unused(path: Path) -> set[str]:
    tree = environment().parse(path.read_text(encoding="utf-8"))
    taken = {
        name if isinstance(name, str) else name[1]
        for one in tree.find_all(nodes.FromImport)
        for name in one.names
    }
    return taken - {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}


def test_no_template_takes_in_what_it_does_not_use() -> None:
    found = [path for folder in ("web", "plugins") for path in (ROOT / folder).rglob("templates/**/*.html")]
    assert len(found) > 150
    assert {path.name: names for path in found if (names := _unused(path))} == {}
