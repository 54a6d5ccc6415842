"""A file and its thumbnail, for whoever may see it."""

from typing import Literal
from urllib.parse import quote

from litestar import Response, get

from core.files import queries
from core.files.rules import PDF
from web.access import PUBLIC
from web.forms import Answer
from web.parameters import RowId
from web.visit import VISIT


@get("/uploads/{file_id:int}", include_in_schema=False, access=PUBLIC)
async def show_upload(file_id: RowId) -> Answer:
    """The file itself. Whether the visitor may see it, its row and its owner's plugin say."""
    return await upload_answer(file_id, "content")


@get("/uploads/{file_id:int}/small", include_in_schema=False, access=PUBLIC)
async def show_small(file_id: RowId) -> Answer:
    """A picture's thumbnail."""
    return await upload_answer(file_id, "small")


async def upload_answer(file_id: int, size: Literal["content", "small"]) -> Answer:
    """Pictures are shown, papers are kept by the browser: a PDF may hold more than it shows."""
    name, media_type, content = await queries.content(file_id, VISIT.get().actor, size=size)
    shown = "attachment" if media_type == PDF else "inline"
    headers = {"content-disposition": f"{shown}; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)


HANDLERS = [show_upload, show_small]
