"""Attachments of an application, seen by its applicant, the officers, and experts without an interest."""

from core.database import unit_of_work
from core.files.queries import files_of
from core.files.rules import Upload
from core.files.services import keep_file
from core.people.rules import Actor
from plugins.venture import rules
from plugins.venture.errors import TooManyFiles
from plugins.venture.services.applications import draft_of


async def attach(application_id: int, upload: Upload, *, actor: Actor) -> int:
    """Add a file to a draft; raises TooManyFiles, and what a file or a draft can be refused for."""
    async with unit_of_work():
        application, _ = await draft_of(application_id, actor)
        if len(await files_of(application.ref, limit=rules.FILES_MOST)) >= rules.FILES_MOST:
            raise TooManyFiles(most=rules.FILES_MOST)
        return await keep_file(upload, subject=application.ref, actor_id=actor.person_id)
