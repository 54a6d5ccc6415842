"""That the conventions can fail: a plugin broken in one place is refused for exactly that reason.

The plugin is the skeleton of `yiji plugin new`, so this also holds the skeleton to the conventions.
"""

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.cli.plugin import skeleton
from tests.contracts import conventions
from tests.contracts.conventions import CONVENTIONS, Plugin

_NUMBERS = itertools.count(1)
# convention -> (file, what stands there, what stands there instead, what is then said)
BREAKS = [
    (
        conventions.readme_lists_files_and_hooks,
        "README.md",
        "`rules.py`, ",
        "",
        "README.md does not name `rules.py`",
    ),
    (
        conventions.readme_lists_files_and_hooks,
        "README.md",
        "`register_api`",
        "",
        "README.md does not name `register_api`",
    ),
    (
        conventions.rooms_are_the_known_ones,
        "helpers.py",
        "",
        "X = 1\n",
        "there is no room 'helpers'",
    ),
    (
        conventions.imports_go_downward,
        "rules.py",
        "from NAME.errors",
        "from NAME import services as services\nfrom NAME.errors",
        "imports upward or sideways: services",
    ),
    (
        conventions.imports_go_downward,
        "services.py",
        "from core import clock",
        "import plugins.garden.rules\nfrom core import clock",
        "imports the plugin plugins.garden.rules",
    ),
    (
        conventions.imports_go_downward,
        "services.py",
        "from core import clock",
        "from core import clock\nfrom web import templates as templates",
        "which is not for services",
    ),
    (
        conventions.imports_go_downward,
        "rules.py",
        "from NAME.errors",
        "from core.database import fetch as fetch\nfrom NAME.errors",
        "rules do no I/O",
    ),
    (
        conventions.tables_bear_the_name_and_hold_on_to_what_they_need,
        "tables.py",
        'tablename="NAME_note"',
        'tablename="note_of_NAME"',
        "must begin with NAME_",
    ),
    (
        conventions.tables_bear_the_name_and_hold_on_to_what_they_need,
        "tables.py",
        "belongs_to(Person)",
        "__import__('piccolo.columns').columns.ForeignKey(Person)",
        "use belongs_to or goes_with",
    ),
    (
        conventions.tables_bear_the_name_and_hold_on_to_what_they_need,
        "tables.py",
        "from core.people.tables import Person",
        "from plugins.garden.tables import Plot as Person",
        "points to garden_plot, of another plugin",
    ),
    (
        conventions.what_is_declared_is_used,
        "plugin.py",
        "@hookimpl\ndef register_pages",
        "from core.manifest import Reason\n\n\n@hookimpl\ndef register_reasons() -> list[Reason]:\n"
        '    return [Reason(code="NAME.fee", title="x")]\n\n\n@hookimpl\ndef register_pages',
        "NAME.fee is declared and never used",
    ),
    (
        conventions.what_is_used_is_declared,
        "services.py",
        "rules.check_words(words)",
        'rules.check_words(words)\n    actor.require("NAME.write", Ref("organization", 1))',
        "uses NAME.write, which is not declared",
    ),
    (
        conventions.routes_say_who_may_and_what_they_do,
        "pages.py",
        ", access=PUBLIC",
        "",
        "show_notes: access is None",
    ),
    (
        conventions.routes_say_who_may_and_what_they_do,
        "pages.py",
        "access=SIGNED_IN",
        'access="NAME.write"',
        "write_note: access is 'NAME.write', which no role carries",
    ),
    (
        conventions.routes_say_who_may_and_what_they_do,
        "api.py",
        'summary="留言列表", ',
        "",
        "list_notes: an API handler needs a summary",
    ),
    (
        conventions.routes_say_who_may_and_what_they_do,
        "plugin.py",
        'path="/NAME"',
        'path="/counter"',
        "the menu leads to /counter, outside of /NAME",
    ),
    (
        conventions.templates_are_its_own_and_parse,
        "pages.py",
        "NAME/notes.html",
        "web/home.html",
        "renders web/home.html, which is not in its templates/",
    ),
    (
        conventions.templates_are_its_own_and_parse,
        "templates/notes.html",
        "{% endblock %}",
        "",
        "NAME/notes.html:",
    ),
    (
        conventions.templates_are_its_own_and_parse,
        "templates/notes.html",
        "web/base.html",
        "garden/gardens.html",
        "needs garden/gardens.html, which is neither web's nor its own",
    ),
    (
        conventions.templates_are_its_own_and_parse,
        "templates/old.html",
        "",
        "nobody",
        "NAME/old.html is rendered by nobody",
    ),
    (
        conventions.money_is_proved,
        "tables.py",
        "from core.people.tables import Person",
        "from core.payments.tables import Order as Person",
        "stands on payment_order: implement collect_differences",
    ),
    (conventions.words_are_translated_here, "locale/en.po", None, None, "locale/en.po is missing"),
]  # fmt: skip


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Plugin]]:
    """Write the skeleton under a new name, change it, and import it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def plant(change: Callable[[Path, str], None] = lambda folder, name: None) -> Plugin:
        name = f"planted_{next(_NUMBERS)}"
        for path, text in skeleton(name).items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        change(tmp_path / name, name)
        importlib.invalidate_caches()
        return Plugin.of(importlib.import_module(f"{name}.plugin"))

    yield plant
    for module in [module for module in sys.modules if module.startswith("planted_")]:
        del sys.modules[module]


def test_the_skeleton_keeps_every_convention(planted: Callable[..., Plugin]) -> None:
    plugin = planted()
    for convention in CONVENTIONS:
        assert list(convention(plugin)) == [], convention.__name__


def test_every_convention_is_broken_here_once() -> None:
    assert {convention for convention, *_ in BREAKS} == set(CONVENTIONS)


@pytest.mark.parametrize(
    ("convention", "file", "old", "new", "said"), BREAKS, ids=[said for *_, said in BREAKS]
)
def test_a_plugin_broken_in_one_place_is_refused_for_that_reason(
    convention: Callable[[Plugin], Iterator[str]],
    file: str,
    old: str | None,
    new: str | None,
    said: str,
    planted: Callable[..., Plugin],
) -> None:
    def change(folder: Path, name: str) -> None:
        path = folder / file
        if new is None or old is None:
            path.unlink()
            return
        text = path.read_text("utf-8") if path.exists() else ""
        assert old.replace("NAME", name) in text
        text = text.replace(old.replace("NAME", name), new.replace("NAME", name), 1)
        path.write_text(text, "utf-8")

    plugin = planted(change)
    found = list(convention(plugin))
    assert found
    assert said.replace("NAME", plugin.name) in found[0]
    assert not found[1:] or file == "pages.py", "what is not rendered any more is named, too"
