"""One list of what areas and plugins say waits for a person."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from core import plugins
from core.errors import describe
from core.manifest import Todo
from core.people.rules import Actor

log = logging.getLogger(__name__)
_LIMIT_S = 1.0
_MOST_OF_A_PLUGIN = 20
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class TodoList:
    """`silent`: titles of the plugins whose part could not be read now."""

    todos: list[Todo]
    silent: list[str]


async def todo_list(actor: Actor) -> TodoList:
    """The first due first, then what has no date. A plugin that fails or dawdles is left out."""
    found: list[Todo] = []
    silent: list[str] = []
    for plugin, todos in (await plugins.collect_each("collect_todos", limit_s=_LIMIT_S, actor=actor)).items():
        if isinstance(todos, Exception):
            log.error("todos of plugin %s: %s", plugin, describe(todos))
            silent.append(plugins.installed()[plugin].MANIFEST.title)
        else:
            found.extend(todos[:_MOST_OF_A_PLUGIN])
    return TodoList(sorted(found, key=lambda todo: todo.due_at or _NEVER), silent)
