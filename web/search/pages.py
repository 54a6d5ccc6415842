"""Search: one box on every page, results by kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import get

from core import plugins
from core.language import explain
from core.manifest import Searchable
from core.search import queries, rules
from core.search.queries import Hit
from core.search.rules import HITS_MOST, QueryTooLong
from web.access import PUBLIC
from web.forms import Answer, Form, clean
from web.parameters import PageNumber, Words
from web.templates import page
from web.visit import VISIT

_SHOWN, _PAGE = 5, 20


@dataclass(frozen=True)
class Group:
    """What was found of a kind: at most HITS_MOST; `is_cut` says that there is more."""

    searchable: Searchable
    hits: list[Hit]
    is_cut: bool


@get("/search", include_in_schema=False, access=PUBLIC)
async def show_results(q: Words = "", kind: Words = "", page_number: PageNumber = 1) -> Answer:
    """What answers to `q`: a few of each kind, or all of one kind page by page."""
    asked = clean(q)
    try:
        groups = await found(asked, kind)
    except QueryTooLong as refusal:
        form = Form({"q": asked}, {"q": explain(refusal)})
        return page("web/search.html", status=422, form=form, groups=[], kind="", page_number=1, pages=1)
    size = _PAGE if kind else _SHOWN
    pages = -(-len(groups[0].hits) // size) if kind and groups else 1
    number = min(page_number, pages)
    shown = [(group, group.hits[(number - 1) * size : number * size]) for group in groups]
    return page(
        "web/search.html", form=Form({"q": asked}), groups=shown, kind=kind, page_number=number, pages=pages
    )


async def found(asked: str, kind: str = "") -> list[Group]:
    """By kind, in the kinds' order, of those that this visitor may find; raises QueryTooLong."""
    visible = [searchable for searchable in _visible() if kind in ("", searchable.kind)]
    hits = await queries.hits([searchable.kind for searchable in visible], rules.words(asked))
    groups = (_group(searchable, [h for h in hits if h.kind == searchable.kind]) for searchable in visible)
    return [group for group in groups if group.hits]


def _visible() -> Sequence[Searchable]:
    actor = VISIT.get().actor
    declared: list[Searchable] = plugins.contributions("register_searchables")
    return sorted(
        (s for s in declared if s.permission is None or (actor is not None and actor.may(s.permission))),
        key=lambda searchable: (searchable.order, searchable.kind),
    )


def _group(searchable: Searchable, hits: list[Hit]) -> Group:
    return Group(searchable, hits[:HITS_MOST], is_cut=len(hits) > HITS_MOST)


HANDLERS = [show_results]
