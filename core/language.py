"""Chinese is the language of the code's messages; English comes from catalogues (`locale/en.po`).

Every package of a plugin may hold a `locale/en.po`; core's own stands in `web/locale/`, where its pages
are, and what one area alone says in `web/<area>/locale/`. The catalogues are read at start: there is no
build step and no compiled file.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from core import clock, plugins
from core.errors import Message, PluginRefused, YijiError
from core.settings import ROOT

LANGUAGES = ("zh", "en")
LANGUAGE: ContextVar[str] = ContextVar("language", default="zh")


def mark(message: str) -> str:
    """Mark a message for the catalogue where it is not translated at once (declarations, errors)."""
    return message


def translate(message: str, **params: object) -> str:
    """The message in the language of this context, its `%(name)s` places filled."""
    if LANGUAGE.get() == "en":
        message = catalogue().get(message, message)
    said = {name: translate(value) if isinstance(value, Message) else value for name, value in params.items()}
    return message % said if said else message


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Speak `language` inside the block: that of the person written to, whoever caused it."""
    token = LANGUAGE.set(language)
    try:
        yield
    finally:
        LANGUAGE.reset(token)


def explain(error: YijiError) -> str:
    """The reason of a refusal in the language of this context."""
    return translate(error.message, **error.params)


@functools.cache
def catalogue() -> dict[str, str]:
    """Chinese -> English, of web and all enabled plugins; web's and core's own words win."""
    words: dict[str, str] = {}
    for path in reversed(catalogue_paths()):
        try:
            with path.open("rb") as file:
                entries = read_po(file, abort_invalid=True)
        except (PoFileError, ValueError) as wrong:
            raise PluginRefused(
                f"plugin {path.parent.parent.name!r}: {path} is no catalogue: {wrong}; mend that entry"
            ) from wrong
        words |= {str(m.id): str(m.string) for m in entries if m.id and m.string}
    return words


def catalogue_paths() -> list[Path]:
    """The catalogues that exist, web's first."""
    folders = [ROOT / "web", *sorted((ROOT / "web").glob("*/")), *plugin_folders().values()]
    return [path for folder in folders if (path := folder / "locale" / "en.po").is_file()]


def plugin_folders() -> dict[str, Path]:
    """Plugin name -> folder of its `plugin` module, for its `templates/` and `locale/`."""
    return {
        name: Path(module.__file__).parent
        for name, module in plugins.installed().items()
        if name != "core" and plugins.manager().has_plugin(name) and module.__file__
    }


def show_day(moment: datetime) -> str:
    """A day as the users write it: 2026-11-22."""
    return clock.local(moment).strftime("%Y-%m-%d")


def show_time(moment: datetime) -> str:
    """A moment on the users' wall clock: 2026-11-22 14:05."""
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")
