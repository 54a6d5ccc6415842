"""The verbs of documents: ask for a list or a paper as a file, write one, delete what has expired."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.documents.papers import Paper
from core.documents.sheets import SHEETS, Cell, check_format, open_sheet
from core.documents.tables import StoredFile
from core.jobs import progress
from core.jobs.services import add_job_for
from core.language import LANGUAGE
from core.reference import Ref

KEPT = timedelta(hours=24)
ROWS_MOST = 100_000
PAPER_ROWS_MOST = 5_000  # some 170 pages
PDF = "pdf"
# Whose files those are that somebody without an account may have: found only by what points to them.
NOBODY = 0
_NAME_LENGTH_MOST = 120


async def ask_for_sheet(task: str, args: dict[str, Any], *, format: str, person_id: int) -> int:
    """Ask for the long job `task` that makes a file for the person; returns the job's id.

    The task gets `args`, `format`, `owner_id` and `language`, and calls `write_sheet`. Raises
    FormatUnknown.
    """
    check_format(format, SHEETS)
    return await _ask(task, {**args, "format": format}, person_id)


async def ask_for_paper(task: str, args: dict[str, Any], *, person_id: int) -> int:
    """Ask for the job `task` that prints a paper for the person; returns the job's id.

    The task gets `args`, `owner_id` and `language`, and calls `keep_paper`. Whether the person may have
    the paper, the caller knows.
    """
    return await _ask(task, args, person_id)


async def _ask(task: str, args: dict[str, Any], person_id: int) -> int:
    async with unit_of_work():
        asked = {**args, "owner_id": person_id, "language": LANGUAGE.get()}
        job_id = await add_job_for(person_id, task, asked, priority=1)
        record_audit("file.asked", Ref("job", job_id), actor_id=person_id, task=task)
        return job_id


async def write_sheet(
    name: str,
    *,
    format: str,
    owner_id: int,
    header: Sequence[str],
    batches: AsyncIterator[list[list[Cell]]],
    of: int,
) -> int:
    """Write a list into a file of the person, in the caller's unit of work, and return the file's id.

    `of` rows are expected, ROWS_MOST at most; how many are written is told as the job's progress.
    """
    sheet, done = open_sheet(format), 0
    try:
        sheet.append(header)
        async for rows in batches:
            for row in rows:
                sheet.append(row)
            done += len(rows)
            await progress.report(min(done, of), of)
        content = await asyncio.to_thread(sheet.finish)
    finally:
        sheet.close()
    return await keep_file(f"{name}.{format}", sheet.media_type, content, owner_id=owner_id)


async def keep_paper(name: str, paper: Paper, *, owner_id: int) -> int:
    """Print a paper into a file of the person, in the caller's unit of work, and return the file's id."""
    return await keep_file(f"{name}.{PDF}", "application/pdf", await print_paper(paper), owner_id=owner_id)


async def print_paper(paper: Paper, *, is_told: bool = True) -> bytes:
    """The paper as PDF; how far it is is told as the job's progress, unless the job tells it itself."""
    # The library takes longer to load than a paper to print: only a process that prints one has it.
    from core.documents.printing import Press

    with closing(await asyncio.to_thread(Press, paper)) as press:
        steps = press.lay_out()
        while (done := await asyncio.to_thread(next, steps, None)) is not None:
            if is_told:
                await progress.report(done, press.size)
        return await asyncio.to_thread(press.finish)


async def keep_file(
    name: str, media_type: str, content: bytes, *, owner_id: int, kept: timedelta = KEPT
) -> int:
    """Keep a file for the person, for a day mostly, in the caller's unit of work; returns its id."""
    now = clock.now()
    file = StoredFile(
        owner_id=owner_id,
        job_id=progress.running_job(),
        name=_shortened(name),
        media_type=media_type,
        content=content,
        made_at=now,
        expires_at=now + kept,
    )
    await file.save()
    return int(file.id)


def _shortened(name: str) -> str:
    """As long as its column allows, with its ending."""
    stem, dot, ending = name.rpartition(".")
    return stem[: _NAME_LENGTH_MOST - len(dot + ending)] + dot + ending


async def sweep_expired(*, limit: int) -> int:
    """Delete up to `limit` files whose time is over; returns how many."""
    rows = await current_unit().connection.fetch(
        "delete from stored_file where id in (select id from stored_file where expires_at <= $1"
        " order by expires_at limit $2 for update skip locked) returning id",
        clock.now(),
        limit,
    )
    return len(rows)
