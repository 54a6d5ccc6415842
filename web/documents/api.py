"""Files that one has asked for, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from core.documents import queries
from web.access import SIGNED_IN
from web.documents.pages import FILES_MOST, file_answer
from web.forms import Answer
from web.parameters import RowId
from web.visit import current_actor


class FileOut(msgspec.Struct):
    """A file without its content; `size` in bytes."""

    id: int
    job_id: int | None
    name: str
    media_type: str
    size: int
    made_at: datetime
    expires_at: datetime


@get("/files", summary="我的文件", tags=["documents"], access=SIGNED_IN)
async def list_files() -> list[FileOut]:
    """One's files that are still there, newest first."""
    found = await queries.files(current_actor().person_id, limit=FILES_MOST)
    return [FileOut(f.id, f.job_id, f.name, f.media_type, f.size, f.made_at, f.expires_at) for f in found]


@get("/files/{file_id:int}/content", summary="下载文件", tags=["documents"], access=SIGNED_IN)
async def get_content(file_id: RowId) -> Answer:
    """What is in a file of one's own."""
    return await file_answer(file_id)


HANDLERS = [list_files, get_content]
