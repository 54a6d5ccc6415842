"""The verb of files: keep one."""

import asyncio

from core import clock
from core.database import current_unit
from core.files import pictures, rules
from core.files.rules import PDF, Kept, Upload
from core.reference import Ref


async def keep_file(upload: Upload, *, subject: Ref, actor_id: int | None, is_public: bool = False) -> int:
    """Keep a file about `subject`, in the caller's unit of work; returns its id.

    Raises FileTooLarge, FileKindUnknown or PictureBroken. Reading a picture takes some 100 ms: call this
    before rows are locked that others wait for.
    """
    found = rules.media_type(upload)
    kept = (
        Kept(PDF, upload.content)
        if found == PDF
        else await asyncio.to_thread(pictures.redraw, upload.content, found)
    )
    return int(
        await current_unit().connection.fetchval(
            """
            with new as (
                insert into file_content (digest, media_type, content, small) values ($1, $2, $3, $4)
                on conflict (digest) do update set digest = excluded.digest returning id)
            insert into file (content, name, subject_kind, subject_id, is_public, uploaded_by, uploaded_at)
            select id, $5, $6, $7, $8, $9, $10 from new returning id""",
            kept.digest,
            kept.media_type,
            kept.content,
            kept.small,
            rules.tidy_name(upload.name, kept.media_type),
            *subject,
            is_public,
            actor_id,
            clock.now(),
        )
    )
