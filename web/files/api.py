"""Files that people sent, for programs. They are sent with the verb that they belong to."""

from litestar import get

from web.access import PUBLIC
from web.files.pages import upload_answer
from web.forms import Answer
from web.parameters import RowId


@get("/uploads/{file_id:int}/content", summary="查看上传的文件", tags=["files"], access=PUBLIC)
async def get_upload(file_id: RowId) -> Answer:
    """What is in a file that one may see."""
    return await upload_answer(file_id, "content")


HANDLERS = [get_upload]
