"""The job that makes a donor's copy of what was given."""

from core.dossiers.services import PACK, make_pack
from core.language import in_language
from workers.task import task


@task(PACK)
async def make_gift_pack(pack_id: int, language: str) -> None:
    """Records, papers and files of the gifts, in one zip."""
    with in_language(language):
        await make_pack(pack_id)
