"""The first page, and the two choices that every page offers: language and 关怀版."""

from litestar import get

from core import plugins
from core.language import LANGUAGES
from web.access import PUBLIC
from web.forms import Answer, see_other
from web.parameters import NextPath, Word
from web.templates import page
from web.tour.pages import is_demo
from web.visit import CARE, LANGUAGE_COOKIE, VISIT


@get("/", include_in_schema=False, access=PUBLIC)
async def show_home() -> Answer:
    """What can be done here, one card a plugin."""
    manifests = [module.MANIFEST for name, module in plugins.installed().items() if name != "core"]
    shown = sorted((m for m in manifests if _is_enabled(m.name)), key=lambda m: _place(m.name))
    return page("web/home.html", manifests=shown, has_tour=is_demo())


def _place(name: str) -> tuple[int, str]:
    """As in the menu; what is not in it comes last."""
    items = [item for owner, item in plugins.registered("register_navigation") if owner == name]
    return min((item.order for item in items), default=999), name


def _is_enabled(name: str) -> bool:
    return plugins.manager().has_plugin(name) and bool(
        [owner for owner, _ in plugins.registered("register_pages") if owner == name]
    )


@get("/language/{language:str}", include_in_schema=False, access=PUBLIC)
async def choose(language: Word, next_path: NextPath = "/") -> Answer:
    """Show pages in this language from now on, in this browser."""
    if language in LANGUAGES:
        VISIT.get().set_cookie(LANGUAGE_COOKIE, language)
    return see_other(local_path(next_path))


@get("/care/{choice:str}", include_in_schema=False, access=PUBLIC)
async def choose_care(choice: Word, next_path: NextPath = "/") -> Answer:
    """Large type and high contrast, or the ordinary pages again."""
    VISIT.get().set_cookie(CARE, "1" if choice == "on" else "0")
    return see_other(local_path(next_path))


def local_path(path: str) -> str:
    """The path if it leads to a page of ours, else the first page: no open redirect."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else "/"


HANDLERS = [show_home, choose, choose_care]
