"""The stylesheet and the templates say the same: no class without a look, no look without a class."""

import re
from pathlib import Path

from core.language import plugin_folders
from core.settings import ROOT

SHEET = ROOT / "web" / "static" / "style.css"
BARE = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)


def templates() -> dict[str, str]:
    folders = [ROOT / "web", *plugin_folders().values()]
    paths: list[Path] = [path for folder in folders for path in (folder / "templates").rglob("*.html")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def styled() -> set[str]:
    """Classes of the stylesheet's selectors."""
    selectors = re.findall(r"([^{}]+)\{", BARE)
    return {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}


def given(html: str) -> set[str]:
    """Classes that a template writes out, and those that it chooses between inside `{{ … }}`."""
    names: set[str] = set()
    for attribute in re.findall(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"', html):
        names |= set(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", attribute).split())
        for expression in re.findall(r"\{\{.*?\}\}", attribute):
            names |= set(re.findall(r"'([a-z]+)'", expression))
    return names


def test_every_class_of_a_template_has_a_look() -> None:
    known = styled()
    without = {name: missing for name, html in templates().items() if (missing := given(html) - known)}
    assert without == {}


def test_every_look_has_a_template_that_uses_it() -> None:
    drawn = [path for top in ("web", "plugins") for path in (ROOT / top).rglob("pictures.py")]
    text = "\n".join([*templates().values(), *(path.read_text(encoding="utf-8") for path in drawn)])
    named = {name for html in templates().values() for name in given(html)}
    # What a macro is given (`badge(…, "good")`), or a picture draws with, stands in quotation marks.
    unused = {name for name in styled() - named if not re.search(rf"""["']{name}["']""", text)}
    assert unused == set()


def test_every_property_is_defined_and_read() -> None:
    defined = set(re.findall(r"(--[\w-]+):", BARE))
    read = set(re.findall(r"var\((--[\w-]+)", BARE))
    assert defined == read


def test_dark_and_care_say_every_colour() -> None:
    """A colour that only the light page defines would be dark on dark."""
    blocks = re.findall(r"\{([^{}]*--paper:[^{}]*)\}", BARE)
    light, dark, care, care_dark, paper = (set(re.findall(r"(--[\w-]+): #", block)) for block in blocks)
    assert light - dark == set()
    assert light - care <= {"--on-accent", "--on-free"}, "those are the same as of the light page"
    assert light - care_dark == set()
    assert {"--paper", "--card", "--ink", "--accent"} <= paper


def test_nothing_comes_from_elsewhere_and_every_touch_is_large_enough() -> None:
    assert "url(" not in BARE
    assert "@import" not in BARE
    assert re.search(r"--touch: 44px", BARE)
