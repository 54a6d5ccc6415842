"""A donor takes the list of the own gifts along."""

from core.documents.services import ask_for_sheet
from core.funds.queries.gifts import Wanted
from core.funds.queries.given import EXPORT
from core.people.rules import Actor


async def ask_for_gifts(wanted: Wanted, format: str, *, actor: Actor) -> int:
    """Ask for the actor's own gifts as a file; returns the job's id. Raises FormatUnknown."""
    narrowed = {"person_id": actor.person_id, "year": wanted.year, "fund_id": wanted.fund_id}
    return await ask_for_sheet(EXPORT, narrowed, format=format, person_id=actor.person_id)
