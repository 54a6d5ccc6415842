"""The verb of the annual report's figures: ask for them as a file."""

from core.documents.services import ask_for_sheet
from core.people.rules import Actor
from plugins.foundation.queries.years import year_of

EXPORT = "foundation.export_annual"


async def ask_for_annual(organization_id: int, year: int, *, format: str, actor: Actor) -> int:
    """The id of the job that writes the figures; raises FoundationNotFound, YearUnknown, FormatUnknown."""
    await year_of(organization_id, year)
    asked = {"organization_id": organization_id, "year": year}
    return await ask_for_sheet(EXPORT, asked, format=format, person_id=actor.person_id)
