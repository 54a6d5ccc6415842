"""Applications and their scores."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from core.files.queries import files_of
from core.files.rules import Upload
from core.people.rules import REPRESENT
from plugins.venture import rules
from plugins.venture.queries import applications as queries
from plugins.venture.rules.money import BudgetLine
from plugins.venture.services import applications as services
from plugins.venture.services import reviews
from plugins.venture.services.applications import Words
from plugins.venture.services.attachments import attach
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.parameters import RowId
from web.visit import current_actor

Category = Literal[
    "labour", "volunteers", "materials", "venue", "travel", "publicity", "training", "evaluation",
    "management", "tax",
]  # fmt: skip


class WordsIn(msgspec.Struct):
    """What an application says and asks for."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    need: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    plan: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    beneficiaries: Annotated[int, msgspec.Meta(ge=1, le=10**6)]
    asked_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.BUDGET_MOST_FEN)]

    def words(self) -> Words:
        """As the service wants them."""
        return Words(
            title=clean(self.title),
            need=clean(self.need),
            plan=clean(self.plan),
            beneficiaries=self.beneficiaries,
            asked_fen=self.asked_fen,
        )


class ApplicationIn(WordsIn):
    """The same with the organization that applies."""

    organization_id: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class ApplicationMade(msgspec.Struct):
    """The application."""

    application_id: int


class LineIn(msgspec.Struct):
    """A line of a budget."""

    category: Category
    item: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=10**5)]
    price_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.BUDGET_MOST_FEN)]


class LineMade(msgspec.Struct):
    """The line."""

    line_id: int


class LineOut(LineIn):
    """A line with its sum."""

    id: int
    amount_fen: int


class FileIn(msgspec.Struct):
    """An attachment; `content` is base64."""

    file: Upload


class FileMade(msgspec.Struct):
    """Read it at `/api/v1/uploads/{id}/content`."""

    file_id: int


class ApplicationName(msgspec.Struct):
    """An application in a list."""

    id: int
    title: str
    organization: str
    call_id: int
    state: str
    contract_id: int | None


class ApplicationOut(ApplicationName):
    """An application; `state`: draft, submitted, withdrawn, proposed, unplaced, excluded or awarded."""

    need: str
    plan: str
    beneficiaries: int
    asked_fen: int
    submitted_at: datetime | None
    lines: list[LineOut]
    file_ids: list[int]


class ToScoreOut(msgspec.Struct):
    """An application to be scored; `stance`: none yet, clear, declared or computed."""

    application_id: int
    title: str
    organization: str
    stance: str | None
    is_done: bool


class StanceIn(msgspec.Struct):
    """Is there a conflict of interest?"""

    has_conflict: bool
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ScoreIn(msgspec.Struct):
    """A mark of 0 to 100 for each criterion, in their order."""

    marks: Annotated[
        list[Annotated[int, msgspec.Meta(ge=0, le=100)]],
        msgspec.Meta(min_length=1, max_length=rules.CRITERIA_MOST),
    ]
    comment: Annotated[str, msgspec.Meta(max_length=500)] = ""


@get("/applications", summary="我的申报", access=SIGNED_IN)
async def list_applications() -> list[ApplicationName]:
    """Those of the organizations that one acts for, newest first."""
    mine = [scope.id for scope in current_actor().scopes(REPRESENT)]
    return [
        ApplicationName(one.id, one.title, one.organization, one.call_id, one.state, one.contract_id)
        for one in await queries.applications_by(mine)
    ]


@get("/applications/{application_id:int}", summary="申报", access=SIGNED_IN)
async def get_application(application_id: RowId) -> ApplicationOut:
    """For its applicant, the officers, and experts who have declared that they have no interest."""
    one = await queries.visible_application(application_id, current_actor())
    lines = [
        LineOut(
            id=row.id,
            category=row.line.category,  # type: ignore[arg-type]
            item=row.line.item,
            quantity=row.line.quantity,
            price_fen=row.line.price_fen,
            amount_fen=row.line.amount_fen,
        )
        for row in await queries.budget(application_id)
    ]
    return ApplicationOut(
        one.id,
        one.title,
        one.organization,
        one.call_id,
        one.state,
        one.contract_id,
        need=one.need,
        plan=one.plan,
        beneficiaries=one.beneficiaries,
        asked_fen=one.asked_fen,
        submitted_at=one.submitted_at,
        lines=lines,
        file_ids=[file.id for file in await files_of(one.ref)],
    )


@post("/calls/{call_id:int}/applications", summary="起草申报", access=SIGNED_IN)
async def draft_application(call_id: RowId, data: JSONBody[ApplicationIn]) -> ApplicationMade:
    """Begin an organization's only application to the call. Repeating it returns the same one."""
    return ApplicationMade(
        await services.draft_application(call_id, data.organization_id, data.words(), actor=current_actor())
    )


@put("/applications/{application_id:int}", summary="修改申报", access=SIGNED_IN, status_code=204)
async def change_application(application_id: RowId, data: JSONBody[WordsIn]) -> None:
    """Write other words into a draft."""
    await services.change_application(application_id, data.words(), actor=current_actor())


@post("/applications/{application_id:int}/lines", summary="加一行预算", access=SIGNED_IN)
async def add_line(application_id: RowId, data: JSONBody[LineIn]) -> LineMade:
    """Add a line to the budget of a draft."""
    line = BudgetLine(data.category, clean(data.item), data.quantity, data.price_fen)
    return LineMade(await services.add_line(application_id, line, actor=current_actor()))


@delete(
    "/applications/{application_id:int}/lines/{line_id:int}",
    summary="删一行预算",
    access=SIGNED_IN,
    status_code=204,
)
async def remove_line(application_id: RowId, line_id: RowId) -> None:
    """Take a line out of the budget of a draft."""
    await services.remove_line(application_id, line_id, actor=current_actor())


@post(
    "/applications/{application_id:int}/files",
    summary="加附件",
    access=SIGNED_IN,
    request_max_body_size=WITH_FILE_MOST,
)
async def add_file(application_id: RowId, data: JSONBody[FileIn]) -> FileMade:
    """Add a picture or a PDF to a draft."""
    return FileMade(await attach(application_id, data.file, actor=current_actor()))


@post("/applications/{application_id:int}/submit", summary="提交申报", access=SIGNED_IN, status_code=204)
async def submit_application(application_id: RowId) -> None:
    """Hand it in; the lines of its budget must be what is asked."""
    await services.submit_application(application_id, actor=current_actor())


@post("/applications/{application_id:int}/withdraw", summary="撤回申报", access=SIGNED_IN, status_code=204)
async def withdraw_application(application_id: RowId) -> None:
    """Take it back before the deadline."""
    await services.withdraw_application(application_id, actor=current_actor())


@get("/reviews", summary="我的评审", access=SIGNED_IN)
async def list_pile() -> list[ToScoreOut]:
    """What one has to score now."""
    return [
        ToScoreOut(one.id, one.title, one.organization, one.stance, one.is_done)
        for one in await queries.pile(current_actor().person_id)
    ]


@post(
    "/applications/{application_id:int}/stance", summary="声明利益关系", access=rules.SCORE, status_code=204
)
async def take_stance(application_id: RowId, data: JSONBody[StanceIn]) -> None:
    """Declare a conflict of interest, or that there is none. Facts may recuse all the same."""
    await reviews.take_stance(
        application_id,
        has_conflict=data.has_conflict,
        reason=clean(data.reason),
        actor=current_actor(),
    )


@post(
    "/applications/{application_id:int}/score",
    summary="评分",
    access=rules.SCORE,
    status_code=204,
)
async def score_application(application_id: RowId, data: JSONBody[ScoreIn]) -> None:
    """Hand in one's marks, sealed."""
    await reviews.score_application(
        application_id, data.marks, comment=clean(data.comment), actor=current_actor()
    )


HANDLERS = [
    list_applications,
    get_application,
    draft_application,
    change_application,
    add_line,
    remove_line,
    add_file,
    submit_application,
    withdraw_application,
    list_pile,
    take_stance,
    score_application,
]
