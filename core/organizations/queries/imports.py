"""Lists of organizations that somebody imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row
from core.organizations.errors.imports import ImportNotFound
from core.organizations.queries import reviewed_places
from core.organizations.rules.imports import Known, Row
from core.people.rules import Actor

ERRORS = "core.export_import_errors"
_COLUMNS = "select id, asked_by, name, state, reason, good, bad, asked_at, job from organization_import"


@dataclass(frozen=True)
class ImportView:
    """A list and what became of it; `good` and `bad` count its rows."""

    id: int
    asked_by: int
    name: str
    state: str
    reason: str
    good: int
    bad: int
    asked_at: datetime
    job: int | None


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken."""

    line: int
    name: str
    kind: str
    uscc: str
    place: str
    reason: str


async def import_of(import_id: int, person_id: int, *, lock: bool = False) -> ImportView:
    """One of the person's own; raises ImportNotFound."""
    row = await fetch_row(
        f"{_COLUMNS} where id = $1 and asked_by = $2" + (" for no key update" if lock else ""),
        import_id,
        person_id,
    )
    if row is None:
        raise ImportNotFound
    return ImportView(**dict(row))


async def imports_of(person_id: int, *, limit: int) -> list[ImportView]:
    """The person's own, newest first."""
    rows = await fetch(f"{_COLUMNS} where asked_by = $1 order by id desc limit $2", person_id, limit)
    return [ImportView(**dict(row)) for row in rows]


async def bad_rows(import_id: int, *, after: int, limit: int) -> list[BadRow]:
    """Rows that cannot be taken, in the list's order, after a line."""
    rows = await fetch(
        "select line, name, kind, uscc, place, reason from organization_import_row"
        " where batch = $1 and reason <> '' and line > $2 order by line limit $3",
        import_id,
        after,
        limit,
    )
    return [BadRow(**dict(row)) for row in rows]


async def rows_of(import_id: int) -> list[Row]:
    """All of them as they were written."""
    rows = await fetch(
        "select line, name, kind, uscc, place from organization_import_row where batch = $1 order by line",
        import_id,
    )
    return [Row(**dict(row)) for row in rows]


async def known(rows: Sequence[Row], actor: Actor) -> Known:
    """What the rows are compared with, in three reads however many they are."""
    reviewed, is_everywhere = await reviewed_places(actor)
    written = list({row.place for row in rows})
    places = await fetch(
        "select id, name, code from region where (name = any($1) or code = any($1)) and valid_to is null"
        " and ($3 or id = any($2))",
        written,
        reviewed,
        is_everywhere,
    )
    by_word: dict[str, list[int]] = {}
    for place in places:
        for word in {place["name"], place["code"]} - {None}:
            by_word.setdefault(word, []).append(place["id"])
    codes = await fetch(
        "select uscc from organization where uscc = any($1) and state <> 'refused'",
        [row.uscc.strip().upper() for row in rows if row.uscc],
    )
    names = await fetch(
        "select name, region from organization where name = any($1) and state <> 'refused'",
        [" ".join(row.name.split()) for row in rows],
    )
    return Known(
        by_word,
        frozenset(row["uscc"] for row in codes),
        frozenset((row["name"], row["region"]) for row in names),
    )
