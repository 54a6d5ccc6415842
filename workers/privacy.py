"""The job that makes the copy of somebody's own data."""

from core.language import in_language
from core.privacy.services import COPY, write_copy
from workers.task import task


@task(COPY)
async def copy_personal_data(owner_id: int, language: str) -> None:
    """Everything that is known of the person, in one zip."""
    with in_language(language):
        await write_copy(owner_id)
