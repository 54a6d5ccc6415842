"""For everybody who looks, and for volunteers."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from core import clock, signature
from core.volunteers.queries import certificates, opportunities, records, sign_ups, stars
from core.volunteers.queries.certificates import SIGNED_AS
from core.volunteers.queries.opportunities import Wanted
from core.volunteers.services import attendance
from core.volunteers.services.absences import plead
from core.volunteers.services.certificates import ask_for_certificate, issue_certificate
from core.volunteers.services.exports import ask_for_record
from core.volunteers.services.records import confirm_service, dispute_service
from core.volunteers.services.sign_ups import cancel_sign_up, sign_up
from core.volunteers.services.witnesses import bear_witness
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.parameters import Before, MaybeId, PageNumber, RowId, Words
from web.visit import current_actor
from web.volunteers.api.shapes import (
    CertificateIn,
    CertificateOut,
    CheckedOut,
    CodeIn,
    FileJobOut,
    HereIn,
    KeyOut,
    KeysOut,
    MineOut,
    NoShowRuleOut,
    OfferOut,
    OpportunityOut,
    ReasonIn,
    RecordIn,
    ServiceOut,
    SignUpIn,
    SignUpOut,
    WitnessIn,
)
from web.volunteers.pages.certificates import Key, Number
from web.volunteers.pages.mine import ABSENCES_SINCE, readable_service
from web.volunteers.pages.offers import SHIFTS_MOST, person_id, readable_opportunity

PAGE = 50
Day = Annotated[date | None, QueryParameter()]
Age = Annotated[int | None, QueryParameter(ge=8, le=17)]


@get("/volunteers/opportunities", summary="志愿服务岗位", tags=["volunteers"], access=PUBLIC)
async def list_offers(
    words: Words = "",
    region_id: MaybeId = None,
    day: Day = None,
    age: Age = None,
    page_number: PageNumber = 1,
) -> list[OfferOut]:
    """Open opportunities with a shift to come, fifty a page, the next shift first; `age`: of a minor."""
    wanted = Wanted(clean(words)[:40], region_id, day, age)
    found = await opportunities.offers(wanted, offset=min(page_number - 1, 10**6) * PAGE, limit=PAGE)
    return [
        OfferOut(o.id, o.title, o.place, o.organization, o.region, o.risk, o.next_at, o.free) for o in found
    ]


@get(
    "/volunteers/opportunities/{opportunity_id:int}",
    summary="一个岗位",
    tags=["volunteers"],
    access=PUBLIC,
)
async def get_opportunity(opportunity_id: RowId) -> OpportunityOut:
    """An opportunity with its shifts that are not over."""
    found = await readable_opportunity(opportunity_id)
    shifts = await opportunities.shifts(found.id, person_id=person_id(), after=clock.now(), limit=SHIFTS_MOST)
    own_terms = await opportunities.terms_of(found.organization_id, clock.today())
    rule = NoShowRuleOut(own_terms.absences, own_terms.absent_within.days, own_terms.pause.days)
    return msgspec.structs.replace(OpportunityOut.of(found, shifts), no_show_rule=rule)


@post("/volunteers/shifts/{shift_id:int}/sign-up", summary="报名", tags=["volunteers"], access=SIGNED_IN)
async def join(shift_id: RowId, data: JSONBody[SignUpIn]) -> SignUpOut:
    """Take a place, or the next one in the queue. Repeating it returns the same sign-up."""
    id_ = await sign_up(shift_id, agreed=data.agreed, meets=data.meets, actor=current_actor())
    return SignUpOut.of(await sign_ups.sign_up(id_))


@post(
    "/volunteers/sign-ups/{sign_up_id:int}/cancel",
    summary="取消报名",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def leave(sign_up_id: RowId) -> None:
    """Give the place to the next in the queue."""
    await cancel_sign_up(sign_up_id, actor=current_actor())


@post(
    "/volunteers/shifts/{shift_id:int}/check-in",
    summary="签到",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def come(shift_id: RowId, data: JSONBody[CodeIn]) -> None:
    """Check in by the code of the moment, or later by the code of the moment in which it was seen."""
    await attendance.check_in(shift_id, data.code, actor=current_actor(), seen_at=data.seen_at)


@post(
    "/volunteers/shifts/{shift_id:int}/check-in-here",
    summary="位置签到",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def come_here(shift_id: RowId, data: JSONBody[HereIn]) -> None:
    """Check in by being there, where the opportunity has a position; what is sent is not kept."""
    await attendance.check_in_here(shift_id, data.position, actor=current_actor())


@post(
    "/volunteers/shifts/{shift_id:int}/check-out",
    summary="签退",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def go(shift_id: RowId, data: JSONBody[CodeIn]) -> None:
    """Check out by the code of the moment, or later likewise."""
    await attendance.check_out(shift_id, data.code, actor=current_actor(), seen_at=data.seen_at)


@get("/volunteers/mine", summary="我的服务", tags=["volunteers"], access=SIGNED_IN)
async def get_mine(before: Before = None) -> MineOut:
    """Shifts to come, absences of a year, fifty records from the newest, minutes and stars."""
    return await mine_of(current_actor().person_id, before)


async def mine_of(person_id: int, before: int | None) -> MineOut:
    """What a person has served, for the person or the guardian."""
    minutes = await records.minutes_of(person_id)
    star = await records.star_of(minutes, person_id, clock.today())
    held = await stars.in_force(person_id)
    coming = await sign_ups.coming(person_id, clock.now(), limit=PAGE)
    absences = await sign_ups.absences(person_id, clock.now() - ABSENCES_SINCE, limit=PAGE)
    services = await records.services_of(person_id, before_id=before, limit=PAGE)
    earned = await records.earned(services)
    return MineOut(
        minutes,
        star.stars,
        held.stars if held else 0,
        star.next_hours,
        [SignUpOut.of(one) for one in coming],
        [SignUpOut.of(one) for one in absences],
        [ServiceOut.of(one, earned[one.id]) for one in services],
    )


@get("/volunteers/services/{service_id:int}", summary="服务记录", tags=["volunteers"], access=SIGNED_IN)
async def get_service(service_id: RowId) -> ServiceOut:
    """A record of one's own, or of an organization where one leads."""
    found, _ = await readable_service(service_id)
    return ServiceOut.of(found, (await records.earned([found]))[found.id])


@post(
    "/volunteers/services/{service_id:int}/confirm",
    summary="确认时长",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def confirm(service_id: RowId) -> None:
    """Agree to the minutes; a second time changes nothing."""
    await confirm_service(service_id, actor=current_actor())


@post(
    "/volunteers/services/{service_id:int}/dispute",
    summary="提出异议",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def dispute(service_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Say what is wrong with the minutes."""
    await dispute_service(service_id, answer=data.reason, actor=current_actor())


@post(
    "/volunteers/services/{service_id:int}/witness",
    summary="作证",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def witness(service_id: RowId, data: JSONBody[WitnessIn]) -> None:
    """Say whether the volunteer served so."""
    await bear_witness(service_id, agrees=data.agrees, actor=current_actor())


@post(
    "/volunteers/sign-ups/{sign_up_id:int}/plead",
    summary="对缺席申诉",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=204,
)
async def appeal(sign_up_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Say why one's absence should not count."""
    await plead(sign_up_id, data.reason, actor=current_actor())


@get("/volunteers/certificates", summary="我的服务证明", tags=["volunteers"], access=SIGNED_IN)
async def list_certificates() -> list[CertificateOut]:
    """One's own certificates, newest first."""
    found = await certificates.certificates_of(current_actor().person_id, limit=PAGE)
    return [CertificateOut.of(one) for one in found]


@post("/volunteers/certificates", summary="开具服务证明", tags=["volunteers"], access=SIGNED_IN)
async def issue(data: JSONBody[CertificateIn]) -> CertificateOut:
    """Certify what one organization has confirmed; one that says the same is returned instead."""
    id_ = await issue_certificate(data.organization_id, shows_name=data.shows_name, actor=current_actor())
    return CertificateOut.of(await certificates.certificate(id_))


@post(
    "/volunteers/exports", summary="导出我的服务记录", tags=["volunteers"], access=SIGNED_IN, status_code=202
)
async def export(data: JSONBody[RecordIn]) -> FileJobOut:
    """Ask for everything that one has served, as a file."""
    return FileJobOut(await ask_for_record(data.format, actor=current_actor()))


@post(
    "/volunteers/certificates/{certificate_id:int}/paper",
    summary="服务证明 PDF",
    tags=["volunteers"],
    access=SIGNED_IN,
    status_code=202,
)
async def print_certificate(certificate_id: RowId) -> FileJobOut:
    """Ask for the certificate as PDF."""
    return FileJobOut(await ask_for_certificate(certificate_id, actor=current_actor()))


@get("/certificates/keys", summary="核对服务证明的公钥", tags=["volunteers"], access=PUBLIC)
async def list_keys() -> KeysOut:
    """The public key of all certificates, as a JSON Web Key Set."""
    return KeysOut([KeyOut(**signature.public_jwk(SIGNED_AS))])


@get("/certificates/{number:str}", summary="核对服务证明", tags=["volunteers"], access=PUBLIC)
async def check_certificate(number: Number, k: Key = "") -> CheckedOut:
    """For a stranger with the link of a certificate: does it hold?"""
    c = await certificates.verified(number, clean(k))
    held = await stars.in_force(c.person_id)
    return CheckedOut(
        c.number,
        c.revoked_at is None,
        c.shown_name,
        c.organization,
        c.minutes,
        c.services,
        c.from_on,
        c.until_on,
        c.issued_at,
        c.reason,
        held.stars if held else 0,
        held.held_on if held else None,
    )


HANDLERS = [
    list_offers,
    get_opportunity,
    join,
    leave,
    come,
    come_here,
    go,
    get_mine,
    get_service,
    confirm,
    dispute,
    witness,
    appeal,
    list_certificates,
    issue,
    export,
    print_certificate,
    list_keys,
    check_certificate,
]
