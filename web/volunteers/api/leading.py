"""For leaders."""

from datetime import date
from typing import Annotated

from litestar import get, post, put
from litestar.params import FromQuery, JSONBody, QueryParameter

from core import clock
from core.organizations import queries as organizations
from core.people.masks import mask_phone
from core.privacy.rules import SEEN_ATTENDEES
from core.privacy.services import note_seen
from core.reference import Ref
from core.volunteers.queries import certificates, opportunities, sign_ups, witnesses
from core.volunteers.rules import codes, flows
from core.volunteers.rules.terms import Span
from core.volunteers.services import attendance
from core.volunteers.services import opportunities as offering
from core.volunteers.services.absences import answer_absence
from core.volunteers.services.certificates import revoke_certificate
from core.volunteers.services.records import correct_service, propose_clocked, propose_service
from core.volunteers.services.witnesses import backfill
from web.parameters import Before, RowId
from web.visit import current_actor
from web.volunteers.api.shapes import (
    AbsenceIn,
    AttendeeOut,
    BackfillIn,
    CertificateOut,
    CodeOut,
    CorrectedOut,
    IdOut,
    MinutesIn,
    NewIn,
    OpportunityOut,
    PlanIn,
    PresentOut,
    ReasonIn,
    RecordedOut,
    ShiftIn,
    ShiftOut,
)
from web.volunteers.forms import ShiftSearch
from web.volunteers.pages.leading import led_opportunity, led_organization_ids, shifts_led
from web.volunteers.pages.lists import After

PAGE = 50
_ONE = "/volunteers/lead/opportunities/{opportunity_id:int}"
_SHIFT, _SIGN_UP = "/volunteers/lead/shifts/{shift_id:int}", "/volunteers/lead/sign-ups/{sign_up_id:int}"


@get("/volunteers/lead/opportunities", summary="我负责的岗位", tags=["volunteers"], access=flows.LEAD)
async def list_led(before: Before = None) -> list[OpportunityOut]:
    """Opportunities of the organizations where one leads, fifty from the newest."""
    found = await opportunities.opportunities_of(led_organization_ids(), before_id=before, limit=PAGE)
    return [OpportunityOut.of(one, []) for one in found]


@post("/volunteers/lead/opportunities", summary="新建岗位", tags=["volunteers"], access=flows.LEAD)
async def create(data: JSONBody[NewIn]) -> IdOut:
    """Prepare an opportunity."""
    return IdOut(
        await offering.create_opportunity(
            data.plan(), organization_id=data.organization_id, actor=current_actor()
        )
    )


@put(_ONE, summary="修改岗位", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def change(opportunity_id: RowId, data: JSONBody[PlanIn]) -> None:
    """Say it otherwise, as long as it is being prepared."""
    await offering.change_opportunity(opportunity_id, data.plan(), actor=current_actor())


@post(f"{_ONE}/shifts", summary="添加班次", tags=["volunteers"], access=flows.LEAD)
async def add(opportunity_id: RowId, data: JSONBody[ShiftIn]) -> IdOut:
    """Plan a shift."""
    span = Span(data.begins_at, data.ends_at)
    return IdOut(
        await offering.add_shift(opportunity_id, span, capacity=data.capacity, actor=current_actor())
    )


@get(f"{_ONE}/shifts", summary="岗位的班次", tags=["volunteers"], access=flows.LEAD)
async def list_shifts(
    opportunity_id: RowId,
    over: FromQuery[bool] = False,
    since: FromQuery[date | None] = None,
    page_number: Annotated[int, QueryParameter(ge=1, le=10**6)] = 1,
) -> list[ShiftOut]:
    """Fifty a page: those to come, those that are `over`, the last first, or all `since` a day."""
    found = await led_opportunity(opportunity_id)
    asked = ShiftSearch(since, over, page_number)
    return [ShiftOut.of(one) for one in await shifts_led(found.id, asked, limit=PAGE, page_size=PAGE)]


@post(f"{_ONE}/open", summary="发布岗位", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def publish(opportunity_id: RowId) -> None:
    """Let people sign up."""
    await offering.open_opportunity(opportunity_id, actor=current_actor())


@post(f"{_ONE}/close", summary="结束招募", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def close(opportunity_id: RowId) -> None:
    """Let nobody sign up any more."""
    await offering.close_opportunity(opportunity_id, actor=current_actor())


@get(f"{_SHIFT}/attendees", summary="班次名单", tags=["volunteers"], access=flows.LEAD)
async def list_attendees(shift_id: RowId, after: After = 0) -> list[AttendeeOut]:
    """Who has signed up, in that order, fifty after a sign-up's id."""
    await offering.led_shift(shift_id, current_actor())
    found = await sign_ups.attendees(shift_id, after_id=after, limit=PAGE)
    await note_seen([one.person_id for one in found], SEEN_ATTENDEES, viewer=current_actor())
    return [
        AttendeeOut(
            a.sign_up_id,
            a.name,
            mask_phone(a.phone) if a.phone else "",
            a.state,
            a.came_at,
            a.left_at,
            a.plea,
            a.answer,
            a.service_id,
            a.service_state,
            a.minutes,
        )
        for a in found
    ]


@get(f"{_SHIFT}/code", summary="签到码", tags=["volunteers"], access=flows.LEAD)
async def get_code(shift_id: RowId) -> CodeOut:
    """The code of this moment."""
    code = await attendance.code_shown(shift_id, actor=current_actor())
    return CodeOut(code, codes.seconds_left(clock.now()))


@post(f"{_SHIFT}/cancel", summary="取消班次", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def call_off(shift_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Call the shift off; all who were to come are told."""
    await offering.cancel_shift(shift_id, reason=data.reason, actor=current_actor())


@post(f"{_SHIFT}/record", summary="一起记录时长", tags=["volunteers"], access=flows.LEAD)
async def record_all(shift_id: RowId) -> RecordedOut:
    """Record what the clock says for all who have checked in and out, 200 at once."""
    return RecordedOut(await propose_clocked(shift_id, actor=current_actor()))


@post(f"{_SIGN_UP}/present", summary="登记到场", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def mark_present(sign_up_id: RowId) -> None:
    """Somebody has come."""
    await attendance.mark_present(sign_up_id, actor=current_actor())


@post(f"{_SIGN_UP}/left", summary="登记离开", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def mark_left(sign_up_id: RowId) -> None:
    """Somebody goes."""
    await attendance.mark_left(sign_up_id, actor=current_actor())


@post(f"{_SIGN_UP}/absent", summary="登记没来", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def mark_absent(sign_up_id: RowId) -> None:
    """Somebody has not come."""
    await attendance.mark_absent(sign_up_id, actor=current_actor())


@post(f"{_SIGN_UP}/record", summary="记录时长", tags=["volunteers"], access=flows.LEAD)
async def record(sign_up_id: RowId, data: JSONBody[MinutesIn]) -> IdOut:
    """Record what somebody has served, for them to confirm."""
    return IdOut(await propose_service(sign_up_id, data.minutes, reason=data.reason, actor=current_actor()))


@post(f"{_SIGN_UP}/absence", summary="答复缺席", tags=["volunteers"], access=flows.LEAD, status_code=204)
async def answer(sign_up_id: RowId, data: JSONBody[AbsenceIn]) -> None:
    """Excuse an absence, or decline the plea against it."""
    await answer_absence(sign_up_id, data.reason, is_excused=data.is_excused, actor=current_actor())


@get(f"{_SHIFT}/present", summary="签到过的人", tags=["volunteers"], access=flows.LEAD)
async def list_present(shift_id: RowId) -> list[PresentOut]:
    """Who has checked in at a shift, 500 at most."""
    await offering.led_shift(shift_id, current_actor())
    found = await witnesses.present(shift_id)
    await note_seen([one.person_id for one in found], SEEN_ATTENDEES, viewer=current_actor())
    return [PresentOut(one.person_id, one.name) for one in found]


@post(f"{_SHIFT}/backfill", summary="凭证人补录", tags=["volunteers"], access=flows.LEAD)
async def record_forgotten(shift_id: RowId, data: JSONBody[BackfillIn]) -> IdOut:
    """Record somebody who came without a place on the list, for two witnesses to confirm."""
    return IdOut(
        await backfill(
            shift_id,
            phone=data.phone,
            name=data.name,
            minutes=data.minutes,
            reason=data.reason,
            witness_ids=(data.witness_ids[0], data.witness_ids[1]),
            actor=current_actor(),
        )
    )


@post(
    "/volunteers/lead/services/{service_id:int}/correct",
    summary="更正时长",
    tags=["volunteers"],
    access=flows.LEAD,
)
async def correct(service_id: RowId, data: JSONBody[MinutesIn]) -> CorrectedOut:
    """Put another record in its place; 0 minutes: none."""
    return CorrectedOut(
        await correct_service(service_id, data.minutes, reason=data.reason, actor=current_actor())
    )


@get(
    "/volunteers/lead/certificates/{organization_id:int}",
    summary="出具的证明",
    tags=["volunteers"],
    access=flows.LEAD,
)
async def list_issued(organization_id: RowId, before: Before = None) -> list[CertificateOut]:
    """What an organization has certified, fifty from the newest."""
    owner = await organizations.organization(organization_id)
    current_actor().require(flows.LEAD, Ref("organization", owner.id))
    found = await certificates.issued_by(owner.id, before_id=before, limit=PAGE)
    return [CertificateOut.of(one) for one in found]


@post(
    "/volunteers/lead/certificates/{certificate_id:int}/revoke",
    summary="作废证明",
    tags=["volunteers"],
    access=flows.LEAD,
    status_code=204,
)
async def revoke(certificate_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Make it void."""
    await revoke_certificate(certificate_id, reason=data.reason, actor=current_actor())


HANDLERS = [
    list_shifts,
    list_led,
    create,
    change,
    add,
    publish,
    close,
    list_attendees,
    get_code,
    call_off,
    record_all,
    mark_present,
    mark_left,
    mark_absent,
    record,
    answer,
    list_present,
    record_forgotten,
    correct,
    list_issued,
    revoke,
]
