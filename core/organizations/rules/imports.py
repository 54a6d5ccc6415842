"""Which rows of a list of organizations can be taken, and why the others cannot. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import Invalid
from core.language import mark
from core.organizations.errors import CodeTaken
from core.organizations.errors.imports import (
    ColumnsMissing,
    KindUnknown,
    ListEmpty,
    ListTooLong,
    NameTaken,
    PlaceAmbiguous,
    PlaceUnknown,
    TwiceInList,
)
from core.organizations.rules import KINDS, Registration

IMPORT = "organization_import"
WAITING, JUDGED, IMPORTING, IMPORTED, REFUSED = "waiting", "judged", "importing", "imported", "refused"
ROWS_MOST = 10_000
# Field -> what the column is called: in our own sheets, and in those of programs.
COLUMNS = {
    "name": mark("组织全称"),
    "kind": mark("组织类型"),
    "uscc": mark("统一社会信用代码"),
    "place": mark("所在地区"),
}


@dataclass(frozen=True)
class Row:
    """A row as it was written; `line` as a spreadsheet counts, the header being 1."""

    line: int
    name: str
    kind: str
    uscc: str
    place: str


@dataclass(frozen=True)
class Known:
    """What there is already: places by name and by code that the importer reviews, codes, names in places."""

    places: Mapping[str, Sequence[int]]
    codes: frozenset[str]
    names: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Judged:
    """A row, and the registration it makes or why it makes none."""

    row: Row
    said: Registration | None = None
    refusal: Invalid | None = None


@dataclass
class _Seen:
    """Line -> by what it is known."""

    codes: dict[str, int] = field(default_factory=dict)
    names: dict[tuple[str, int], int] = field(default_factory=dict)


def rows_below(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Row]:
    """The rows that say something; raises ColumnsMissing, ListTooLong or ListEmpty."""
    titles = [title.strip().casefold() for title in header]
    try:
        places = {
            name: next(titles.index(alias) for alias in (title, name) if alias in titles)
            for name, title in COLUMNS.items()
        }
    except StopIteration:
        raise ColumnsMissing(columns="、".join(COLUMNS.values())) from None
    found = [
        Row(line, **{name: row[at] if at < len(row) else "" for name, at in places.items()})
        for line, row in enumerate(rows, 2)
        if any(row)
    ]
    if len(found) > ROWS_MOST:
        raise ListTooLong(most=ROWS_MOST)
    if not found:
        raise ListEmpty
    return found


def judge(rows: Sequence[Row], known: Known) -> list[Judged]:
    """Every row by itself, and against those above it."""
    seen = _Seen()
    return [_judge(row, known, seen) for row in rows]


def _judge(row: Row, known: Known, seen: _Seen) -> Judged:
    try:
        said = Registration(row.name, _kind(row.kind), _place(row.place, known), row.uscc or None).checked()
        _check_new(said, known)
        _check_alone(said, row.line, seen)
    except Invalid as refusal:
        return Judged(row, refusal=refusal)
    return Judged(row, said)


def _kind(written: str) -> str:
    for code, kind in KINDS.items():
        if written and written in (code, kind.title, kind.old_title):
            return code
    raise KindUnknown(kinds=" / ".join(kind.title for kind in KINDS.values()))


def _place(written: str, known: Known) -> int:
    found = known.places.get(written, ())
    if not found:
        raise PlaceUnknown
    if len(found) > 1:
        raise PlaceAmbiguous
    return found[0]


def _check_new(said: Registration, known: Known) -> None:
    if said.uscc in known.codes:
        raise CodeTaken
    if (said.name, said.region_id) in known.names:
        raise NameTaken


def _check_alone(said: Registration, line: int, seen: _Seen) -> None:
    """Raise TwiceInList for what a row above has said already."""
    name = said.name, said.region_id
    above = seen.names.get(name) or (seen.codes.get(said.uscc) if said.uscc else None)
    if above is not None:
        raise TwiceInList(line=above)
    seen.names[name] = line
    if said.uscc:
        seen.codes[said.uscc] = line
