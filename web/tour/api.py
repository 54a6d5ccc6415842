"""The journeys for programs."""

import msgspec
from litestar import get

from core.language import translate
from web.access import PUBLIC
from web.tour.pages import tours


class StepOut(msgspec.Struct):
    """Something to be done on a page, by the demo account of this phone if one must be signed in."""

    text: str
    path: str
    phone: str | None


class TourOut(msgspec.Struct):
    """A journey."""

    code: str
    title: str
    intro: str
    steps: list[StepOut]


@get("/tours", summary="演示路线", tags=["tour"], access=PUBLIC)
async def list_tours() -> list[TourOut]:
    """All journeys through the demo world; none outside a demo."""
    return [
        TourOut(
            tour.code,
            translate(tour.title),
            translate(tour.intro),
            [StepOut(translate(step.text), step.path, step.phone) for step in tour.steps],
        )
        for tour in tours()
    ]


HANDLERS = [list_tours]
