"""One Jinja environment. A page of a plugin is `<plugin>/page.html` in its folder `templates/`."""

import contextlib
import functools
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from litestar import Response
from litestar.enums import MediaType
from markupsafe import Markup

from core.errors import PluginRefused
from core.language import LANGUAGE, plugin_folders, show_day, show_time, translate
from core.money import format_yuan, spell_yuan
from core.people.masks import mask_email, mask_name, mask_phone
from core.settings import ROOT
from web.assets import address
from web.navigation import menu
from web.pictures import draw_qr
from web.visit import VISIT


@functools.cache
def environment() -> jinja2.Environment:
    """Strict about undefined names, escapes everything, translates by the visitor's language."""
    loaders: dict[str, jinja2.BaseLoader] = {
        name: jinja2.FileSystemLoader(folder / "templates") for name, folder in plugin_folders().items()
    }
    loaders["web"] = jinja2.FileSystemLoader(ROOT / "web" / "templates")
    made = jinja2.Environment(
        loader=jinja2.PrefixLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translate, lambda one, many, n: translate(one if n == 1 else many), newstyle=True
    )
    made.globals |= {"_": _say, "static": address}
    made.filters |= {
        "yuan": format_yuan,
        "spelt": spell_yuan,
        "day": show_day,
        "time": show_time,
        "mask_email": mask_email,
        "mask_name": mask_name,
        "mask_phone": mask_phone,
    }
    return made


def _say(message: str, **params: object) -> Markup:
    """`_()` of the templates: as the extension's own, which takes a third of a page's time for it."""
    return Markup(translate(message)) % params if params else _words(LANGUAGE.get(), message)


@functools.lru_cache(4096)
def _words(_language: str, message: str) -> Markup:
    return Markup(translate(message)) % {}


@functools.cache
def _template(name: str) -> jinja2.Template:
    return environment().get_template(name)


@functools.cache
def check_templates(data: Path) -> None:
    """Raise PluginRefused for a template that does not parse, rather than at its first visitor; once.

    The folder `data` remembers what has passed: to parse all takes half a second of every start.
    """
    loader = environment().loader
    assert loader is not None
    names = environment().list_templates(extensions=["html"])
    sources = {name: loader.get_source(environment(), name)[:2] for name in names}
    digest = sha256(repr((jinja2.__version__, sources)).encode()).hexdigest()
    passed = data / "templates-passed"
    if passed.is_file() and passed.read_text() == digest:
        return
    for name, (source, path) in sources.items():
        try:
            environment().parse(source)
        except jinja2.TemplateSyntaxError as wrong:
            owner, where = name.partition("/")[0], f"{path}, line {wrong.lineno}"
            raise PluginRefused(f"plugin {owner!r}: the template {where}: {wrong.message}") from wrong
    with contextlib.suppress(OSError):  # a folder that is only read costs the half second again
        passed.write_text(digest)


def page(template: str, *, status: int = 200, **context: Any) -> Response[bytes]:
    """Render a page. Templates also know `visit`, `menu`, `language`, `translate` and `draw_qr`."""
    html = _template(template).render(
        visit=VISIT.get(),
        menu=menu,
        language=LANGUAGE.get(),
        translate=translate,
        draw_qr=draw_qr,
        **context,
    )
    return Response(html.encode(), status_code=status, media_type=MediaType.HTML)
