"""Search, for programs."""

import msgspec
from litestar import get

from core.language import translate
from web.access import PUBLIC
from web.forms import clean
from web.parameters import Words
from web.search.pages import found


class ThingOut(msgspec.Struct):
    """A thing that answers to the query, and where its page is."""

    id: int
    name: str
    path: str
    detail: str


class GroupOut(msgspec.Struct):
    """Up to a hundred things of a kind, the best first; `more`: there are others."""

    kind: str
    title: str
    more: bool
    things: list[ThingOut]


@get("/search", summary="搜索", tags=["search"], access=PUBLIC)
async def search(q: Words, kind: Words = "") -> list[GroupOut]:
    """Names that hold all words of `q` (at most 40 characters): Chinese, pinyin, or its initials."""
    return [
        GroupOut(
            group.searchable.kind,
            translate(group.searchable.title),
            group.is_cut,
            [ThingOut(hit.subject_id, hit.name, hit.path, hit.detail) for hit in group.hits],
        )
        for group in await found(clean(q), kind)
    ]


HANDLERS = [search]
