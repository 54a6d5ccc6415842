"""The page."""

from litestar import get

from web.access import PUBLIC
from web.forms import Answer
from web.templates import page


@get("/", include_in_schema=False, access=PUBLIC)
async def show_tools() -> Answer:
    """What there is to borrow."""
    return page("toolshed/tools.html", tools=["人字梯", "冲击钻", "打气筒"])


HANDLERS = [show_tools]
