"""A volunteer takes the own record along."""

from core.documents.services import ask_for_sheet
from core.people.rules import Actor

EXPORT = "core.export_services"


async def ask_for_record(format: str, *, actor: Actor) -> int:
    """Ask for everything that the actor has served, as a file; returns the job's id. Raises FormatUnknown."""
    return await ask_for_sheet(
        EXPORT, {"person_id": actor.person_id}, format=format, person_id=actor.person_id
    )
