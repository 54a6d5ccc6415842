"""What a plugin's doors may get wrong: the product says whose it is and where, before anybody visits."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner
from litestar import get

from core import language, plugins, settings
from core.cli import main
from core.errors import PluginRefused
from core.manifest import Manifest, ScheduledTask
from core.plugins import hookimpl
from web import templates
from web.app import create_litestar
from workers import schedule, tasks
from workers.task import Task

CACHES = (
    plugins.manager,
    language.catalogue,
    templates.environment,
    templates.check_templates,
    templates._template,
    templates._words,
    tasks.all_tasks,
)
Install = Callable[..., Path]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Install]:
    """Let a plugin `tiny` with these hooks be installed beside core; returns its folder."""

    def pretend(**hooks: Callable[[], list[object]]) -> Path:
        module = ModuleType("tiny.plugin")
        module.__file__ = str(tmp_path / "tiny" / "plugin.py")
        text = {"title": "x", "version": "1", "author": "x", "description": "x"}
        module.MANIFEST = Manifest(name="tiny", **text)  # type: ignore[attr-defined]
        hooks = hooks or {"register_units": lambda: []}
        for name, hook in hooks.items():
            hook.__name__ = name
            setattr(module, name, hookimpl(hook))
        both = {"core": plugins.installed()["core"], "tiny": module}
        monkeypatch.setattr(plugins, "installed", lambda: both)
        _forget()
        (tmp_path / "tiny").mkdir()
        return tmp_path / "tiny"

    def _forget() -> None:
        for cache in CACHES:
            cache.cache_clear()

    yield pretend
    monkeypatch.undo()
    _forget()


async def _noop() -> None: ...


def test_a_route_without_access_is_refused_with_its_path(install: Install) -> None:
    @get("/secrets")
    async def show_secrets() -> str:
        return ""

    install(register_pages=lambda: [show_secrets])
    with pytest.raises(PluginRefused, match="'tiny': routes without access: GET /tiny/secrets"):
        create_litestar(settings.load())


def test_a_template_that_does_not_parse_is_refused_with_its_line(install: Install) -> None:
    folder = install() / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("<p>\n{% if %}", "utf-8")
    with pytest.raises(PluginRefused, match=r"'tiny': the template .*page.html, line 2"):
        create_litestar(settings.load())


def test_a_template_that_has_passed_is_looked_at_again_when_it_changes(
    install: Install, data_folder: Path
) -> None:
    folder = install() / "templates"
    folder.mkdir()
    page = folder / "page.html"
    page.write_text("<h1>a</h1>")
    templates.check_templates(data_folder)
    page.write_text("{% if %}")
    templates.environment.cache_clear()
    templates.check_templates.cache_clear()
    with pytest.raises(PluginRefused, match="line 1"):
        templates.check_templates(data_folder)
    page.write_text("<h1>a</h1>")
    templates.check_templates(data_folder)


def test_a_catalogue_that_does_not_parse_is_refused_with_its_path(install: Install) -> None:
    folder = install() / "locale"
    folder.mkdir()
    (folder / "en.po").write_text('msgid "a"\nmsgstrr "b"\n', "utf-8")
    with pytest.raises(PluginRefused, match=r"'tiny': .*en.po is no catalogue"):
        create_litestar(settings.load())


@pytest.mark.parametrize(
    ("names", "reason"),
    [(["other.work"], "must begin with 'tiny.'"), (["tiny.work", "tiny.work"], "two tasks are called")],
)
def test_a_task_bears_its_plugins_name_and_stands_once(
    install: Install, names: list[str], reason: str
) -> None:
    install(register_tasks=lambda: [Task(name, _noop) for name in names])
    with pytest.raises(PluginRefused, match=f"'tiny': .*{reason}"):
        tasks.all_tasks()


def test_a_schedule_of_a_task_that_is_not_there_is_refused(install: Install) -> None:
    install(register_schedule=lambda: [ScheduledTask(task="tiny.work", every=timedelta(hours=1))])
    with pytest.raises(PluginRefused, match=r"'tiny': the schedule names 'tiny.work'"):
        schedule.timetable()


def test_a_command_says_it_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse() -> None:
        raise PluginRefused("plugin 'tiny': no")

    monkeypatch.setattr(plugins, "installed", refuse)
    done = CliRunner().invoke(main, ["plugin", "new", "mine", "--here", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (2, "plugin 'tiny': no\n")
