"""The files that long jobs made for a person, to be taken away within a day."""

from urllib.parse import quote

from litestar import Response, get

from core.documents import queries
from core.documents.queries import FileView
from web.access import SIGNED_IN
from web.forms import Answer
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

FILES_MOST = 50


@get("/files", include_in_schema=False, access=SIGNED_IN)
async def show_files() -> Answer:
    """One's files that are still there."""
    return page("web/files.html", files=await queries.files(current_actor().person_id, limit=FILES_MOST))


@get("/files/{file_id:int}", include_in_schema=False, access=SIGNED_IN)
async def download(file_id: RowId) -> Answer:
    """The file itself, for whoever asked for it."""
    return await file_answer(file_id)


async def file_answer(file_id: int) -> Answer:
    """A file of one's own as a download."""
    return as_download(*await queries.content(file_id, current_actor().person_id))


def as_download(file: FileView, content: bytes) -> Answer:
    """An answer that a browser keeps as a file rather than shows."""
    name = quote(file.name)
    return Response(
        content,
        media_type=file.media_type,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


HANDLERS = [show_files, download]
