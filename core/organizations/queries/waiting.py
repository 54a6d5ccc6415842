"""What waits for a person: registrations, appeals, accounts."""

from core.manifest import Todo
from core.organizations import queries
from core.organizations.queries import payees, restrictions
from core.people.rules import Actor


async def todos(actor: Actor) -> list[Todo]:
    """All of it, ten of a kind at most."""
    return [
        *await queries.todos(actor),
        *await restrictions.todos(actor),
        *await payees.todos(actor),
    ]
