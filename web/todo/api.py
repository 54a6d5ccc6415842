"""What waits for a person, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from core.language import translate
from core.todos.queries import todo_list
from web.access import SIGNED_IN
from web.visit import current_actor


class TodoOut(msgspec.Struct):
    """Something to do, in the language that the request asks for."""

    title: str
    path: str
    due_at: datetime | None
    count: int | None


class TodosOut(msgspec.Struct):
    """`unreadable`: the parts of the product that could not say now what waits."""

    todos: list[TodoOut]
    unreadable: list[str]


@get("/todos", summary="待办", tags=["todo"], access=SIGNED_IN)
async def list_todos() -> TodosOut:
    """Everything that waits for the person, the first due first."""
    found = await todo_list(current_actor())
    return TodosOut(
        [TodoOut(translate(t.title, **t.params), t.path, t.due_at, t.count) for t in found.todos],
        [translate(title) for title in found.silent],
    )


HANDLERS = [list_todos]
