"""Who has looked at one's data, a copy of it, and the end of the account."""

from litestar import get

from core.privacy import queries
from web.access import SIGNED_IN
from web.forms import Answer
from web.parameters import Before
from web.templates import page
from web.visit import current_actor

ACCESSES_MOST = 20


@get("/me/accesses", include_in_schema=False, access=SIGNED_IN)
async def show_accesses(before: Before = None) -> Answer:
    """Who has looked, newest first."""
    found = await queries.accesses(current_actor().person_id, before_id=before, limit=ACCESSES_MOST + 1)
    return page(
        "web/accesses.html",
        accesses=found[:ACCESSES_MOST],
        older_than=found[ACCESSES_MOST - 1].id if len(found) > ACCESSES_MOST else None,
    )


HANDLERS = [show_accesses]
