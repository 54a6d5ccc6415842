"""What waits for the person who looks."""

from litestar import get

from core import clock
from core.language import translate
from core.todos.queries import todo_list
from web.access import SIGNED_IN
from web.forms import Answer
from web.templates import page
from web.visit import current_actor


@get("/todo", include_in_schema=False, access=SIGNED_IN)
async def show_todos() -> Answer:
    """Everything that waits, the first due first."""
    found = await todo_list(current_actor())
    return page(
        "web/todo.html",
        todos=[(todo, translate(todo.title, **todo.params)) for todo in found.todos],
        silent=found.silent,
        now=clock.now(),
    )


HANDLERS = [show_todos]
