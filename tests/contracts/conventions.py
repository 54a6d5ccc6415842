"""What holds for every plugin, ours and strangers': each convention is a function that yields what is wrong.

They look at the source, at what the plugin contributes and at its templates; none needs a database.
"""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
from jinja2 import meta
from litestar import Litestar, Router
from piccolo.columns import ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from core import plugins
from core.piccolo_app import APP_CONFIG as CORE
from tests.contracts import codes
from web.access import PUBLIC, SIGNED_IN
from web.templates import environment

ROOMS = (
    ("plugin",),
    ("pages", "api", "tasks", "commands", "demo"),
    ("forms", "pictures", "papers"),
    ("services",),
    ("queries", "postings", "piccolo_app"),
    ("tables",),
    ("rules",),
    ("errors",),
)
RANKS = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
PURE = ("rules", "postings")
DOORS = ("plugin", "pages", "api", "tasks", "forms")
IO = ("piccolo", "asyncpg", "litestar", "celery", "core.database")
CODED = ("register_account_kinds", "register_reasons", "register_roles", "register_parameters")


@dataclass(frozen=True)
class Plugin:
    """A plugin as its reader and as the product sees it."""

    name: str
    module: ModuleType
    folder: Path
    package: str

    @classmethod
    def of(cls, module: ModuleType) -> "Plugin":
        """The plugin whose `plugin` module this is."""
        assert module.__file__ is not None
        package = module.__name__.rpartition(".")[0]
        return cls(module.MANIFEST.name, module, Path(module.__file__).parent, package)

    @cached_property
    def sources(self) -> dict[str, ast.Module]:
        """Path in the folder -> tree, of every module that is written by hand."""
        return {
            path.relative_to(self.folder).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
            for path in sorted(self.folder.rglob("*.py"))
            if path.parent.name != "migrations"
        }

    @cached_property
    def modules(self) -> list[codes.Module]:
        """The same, with what their names stand for."""
        return codes.modules(self.sources, self.package)

    @property
    def templates(self) -> dict[str, str]:
        """`<plugin>/page.html` -> source."""
        return {
            f"{self.name}/{path.relative_to(self.folder / 'templates').as_posix()}": path.read_text("utf-8")
            for path in sorted((self.folder / "templates").rglob("*.html"))
        }

    @property
    def tables(self) -> list[type[Table]]:
        """The tables of its Piccolo apps."""
        apps = self.contributed("register_piccolo_apps")
        return [table for app in apps for table in importlib.import_module(app).APP_CONFIG.table_classes]

    def hooks(self) -> set[str]:
        """The hooks that it implements."""
        return {name for name, value in vars(self.module).items() if hasattr(value, "yiji_impl")}

    def contributed(self, hook: str) -> list[Any]:
        """What it contributes through a `register_*` hook."""
        return list(getattr(self.module, hook)()) if hook in self.hooks() else []

    def handlers(self, hook: str) -> list[Any]:
        """Every HTTP handler, mounted as web does it."""
        if not (contributed := self.contributed(hook)):
            return []
        app = Litestar([Router(path=f"/{self.name}", route_handlers=contributed)], openapi_config=None)
        found = [handler for route in app.routes for handler in getattr(route, "route_handlers", [])]
        return [handler for handler in found if handler.http_methods != {"OPTIONS"}]


def readme_lists_files_and_hooks(plugin: Plugin) -> Iterator[str]:
    """Protects the newcomer: what is in the folder, and where the product calls in, stands in the README."""
    path = plugin.folder / "README.md"
    words = path.read_text("utf-8") if path.is_file() else ""
    files = {file for file in plugin.sources if "/" not in file and file != "__init__.py"}
    for missing in sorted(files | plugin.hooks()):
        if f"`{missing}`" not in words:
            yield f"README.md does not name `{missing}`"


def rooms_are_the_known_ones(plugin: Plugin) -> Iterator[str]:
    """Protects the reader: the same thing is found in the same room of every plugin."""
    for file in plugin.sources:
        if (room := _room(file)) not in RANKS and file != "__init__.py":
            yield f"{file}: there is no room {room!r}; the rooms are {', '.join(RANKS)}"


def imports_go_downward(plugin: Plugin) -> Iterator[str]:
    """Protects independence: doors call services, services ask rules, and no plugin knows another."""
    others = {module.__name__.rpartition(".")[0] for module in plugins.installed().values()} - {"core"}
    others.discard(plugin.package)
    for file, line, name in _imports(plugin):
        room = _room(file)
        if any(name == other or name.startswith(f"{other}.") for other in others):
            yield f"{file}:{line} imports the plugin {name}"
        if name.startswith("migrations") or (name.startswith("web") and room not in DOORS):
            yield f"{file}:{line} imports {name}, which is not for {room}"
        if room in PURE and name.startswith(IO):
            yield f"{file}:{line} imports {name}: {room} do no I/O"
        inside = name.removeprefix(f"{plugin.package}.").partition(".")[0]
        is_own = name.startswith(f"{plugin.package}.") and inside != room
        if is_own and RANKS.get(inside, 99) <= RANKS.get(room, -1):
            yield f"{file}:{line} imports upward or sideways: {inside}"


def tables_bear_the_name_and_hold_on_to_what_they_need(plugin: Plugin) -> Iterator[str]:
    """Protects other people's data: own names, keys to core or itself, nothing deleted along."""
    own, core = set(plugin.tables), {table._meta.tablename for table in CORE.table_classes}
    allowed = core | {table._meta.tablename for table in own}
    for table in plugin.tables:
        name = table._meta.tablename
        if name != plugin.name and not name.startswith(f"{plugin.name}_"):
            yield f"the table {name} must begin with {plugin.name}_"
        for column in table._meta.foreign_key_columns:
            target = column._foreign_key_meta.resolved_references._meta.tablename
            if target not in allowed:
                yield f"{name}.{column._meta.name} points to {target}, of another plugin"
            if column._foreign_key_meta.on_delete not in (OnDelete.restrict, OnDelete.cascade):
                yield f"{name}.{column._meta.name} must restrict deletion"
    for file, tree in plugin.sources.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and codes.called(node) == ForeignKey.__name__:
                yield f"{file}:{node.lineno} use belongs_to or goes_with: Piccolo's own keys cascade"


def what_is_declared_is_used(plugin: Plugin) -> Iterator[str]:
    """Protects the lists that people read: no reason, kind, parameter or permission that nothing uses."""
    named = {code for module in plugin.modules for code in codes.used(module)}
    named |= {scheduled.task for scheduled in plugin.contributed("register_schedule")}
    roles = {role.code for role in plugin.contributed("register_roles")}  # used by who grants them
    for code in sorted(declared_codes(plugin) - roles - named):
        yield f"{code} is declared and never used"


def what_is_used_is_declared(plugin: Plugin) -> Iterator[str]:
    """Protects the verb that would fail at night: a reason, kind, task or permission without declaration."""
    known = declared_codes(plugin)
    for module in plugin.modules:
        for line, code in codes.must_be_declared(module):
            if code.startswith(f"{plugin.name}.") and code not in known:
                yield f"{module.file}:{line} uses {code}, which is not declared"
    for scheduled in plugin.contributed("register_schedule"):
        if scheduled.task not in known:
            yield f"the schedule names {scheduled.task}, which is no task"


def routes_say_who_may_and_what_they_do(plugin: Plugin) -> Iterator[str]:
    """Protects the door: each handler states its access, and the API explains itself in OpenAPI."""
    permissions = declared_codes(plugin) | {p for role in _core_roles() for p in role.permissions}
    for handler in [*plugin.handlers("register_pages"), *plugin.handlers("register_api")]:
        access = handler.opt.get("access")
        if access not in (PUBLIC, SIGNED_IN) and access not in permissions:
            yield f"{handler.fn.__name__}: access is {access!r}, which no role carries"
    for handler in plugin.handlers("register_api"):
        if not handler.summary or not handler.fn.__doc__:
            yield f"{handler.fn.__name__}: an API handler needs a summary and a docstring"
    for item in plugin.contributed("register_navigation"):
        if not re.fullmatch(rf"/{plugin.name}(/.*)?", item.path):
            yield f"the menu leads to {item.path}, outside of /{plugin.name}"


def templates_are_its_own_and_parse(plugin: Plugin) -> Iterator[str]:
    """Protects the page: what is rendered is there, parses, is the plugin's own or web's, and in use."""
    wanted = {name for name, _, _ in _rendered(plugin)}
    for name, file, line in _rendered(plugin):
        if name not in plugin.templates:
            yield f"{file}:{line} renders {name}, which is not in its templates/"
    for name, source in plugin.templates.items():
        try:
            referenced = set(meta.find_referenced_templates(environment().parse(source)))
        except jinja2.TemplateSyntaxError as wrong:
            yield f"{name}:{wrong.lineno} {wrong.message}"
            continue
        wanted |= {str(other) for other in referenced}
        for other in referenced:
            if not str(other).startswith("web/") and other not in plugin.templates:
                yield f"{name} needs {other}, which is neither web's nor its own"
    for unused in sorted(plugin.templates.keys() - wanted):
        yield f"{unused} is rendered by nobody"


def money_is_proved(plugin: Plugin) -> Iterator[str]:
    """Protects the books: whose tables stand on orders or accounts, proves them in `yiji verify`."""
    for table in plugin.tables:
        for column in table._meta.foreign_key_columns:
            target = column._foreign_key_meta.resolved_references._meta.tablename
            if target.startswith(("ledger_", "payment")) and "collect_differences" not in plugin.hooks():
                yield f"{table._meta.tablename} stands on {target}: implement collect_differences"


def words_are_translated_here(plugin: Plugin) -> Iterator[str]:
    """Protects English readers: a plugin with words for people has its catalogue, which parses."""
    path = plugin.folder / "locale" / "en.po"
    if not path.is_file():
        yield "locale/en.po is missing"


CONVENTIONS: tuple[Callable[[Plugin], Iterator[str]], ...] = (
    readme_lists_files_and_hooks,
    rooms_are_the_known_ones,
    imports_go_downward,
    tables_bear_the_name_and_hold_on_to_what_they_need,
    what_is_declared_is_used,
    what_is_used_is_declared,
    routes_say_who_may_and_what_they_do,
    templates_are_its_own_and_parse,
    money_is_proved,
    words_are_translated_here,
)


def declared_codes(plugin: Plugin) -> set[str]:
    """Codes of kinds, reasons, roles, permissions and parameters, and the names of tasks."""
    found = {task.name for task in plugin.contributed("register_tasks")}
    for hook in CODED:
        for declared in plugin.contributed(hook):
            found |= {declared.code, *getattr(declared, "permissions", ())}
    return found


def _core_roles() -> list[Any]:
    return list(plugins.installed()["core"].register_roles())


def _room(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


def _imports(plugin: Plugin) -> Iterator[tuple[str, int, str]]:
    """(file, line, dotted name) of everything imported; of `from x import y` it is `x.y`."""
    for file, tree in plugin.sources.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((file, node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((file, node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _rendered(plugin: Plugin) -> Iterator[tuple[str, str, int]]:
    for file, tree in plugin.sources.items():
        for node in ast.walk(tree):
            rendered = node.args[:1] if isinstance(node, ast.Call) and codes.called(node) == "page" else []
            for name in rendered:
                if isinstance(name, ast.Constant):
                    yield str(name.value), file, node.lineno
