"""Certificates: on paper with a QR code, for the organization that may revoke them, for a stranger."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import PathParameter, QueryParameter

from core import signature
from core.organizations import queries as organizations
from core.privacy.rules import SEEN_CERTIFICATES
from core.privacy.services import note_seen
from core.reference import Ref
from core.registration.queries import speaks_for
from core.volunteers.errors import CertificateNotFound
from core.volunteers.queries import certificates, stars
from core.volunteers.queries.certificates import SIGNED_AS
from core.volunteers.rules import flows, terms
from core.volunteers.services.certificates import (
    ask_for_certificate,
    readable_certificate,
    revoke_certificate,
)
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, clean, see_other, submit
from web.parameters import Before, RowId
from web.pictures import absolute, draw_qr
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import ReasonForm

PAGE = 20
Number = Annotated[str, PathParameter(max_length=20, pattern=r"^[A-Z0-9]+$(?!\n)")]
Key = Annotated[str, QueryParameter(max_length=64)]
_ONE = "/volunteers/certificates/{certificate_id:int}"


@get(_ONE, include_in_schema=False, access=SIGNED_IN)
async def show_certificate(certificate_id: RowId) -> Answer:
    """The certificate as it is printed."""
    return await _certificate_page(certificate_id, Form())


async def _certificate_page(certificate_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    found = await readable_certificate(certificate_id, actor)
    return page(
        "web/certificate.html",
        status=status,
        certificate=found,
        hours=terms.hours_shown,
        link=absolute(certificates.link_of(found)),
        qr=draw_qr(certificates.code_of(found)),
        is_own=await speaks_for(actor.person_id, found.person_id),
        leads=actor.may(flows.LEAD, Ref("organization", found.organization_id)),
        form=form,
    )


@post(f"{_ONE}/revoke", include_in_schema=False, access=flows.LEAD, status_code=303)
async def revoke(request: Request[Any, Any, Any], certificate_id: RowId) -> Answer:
    """Make it void."""

    async def act(form: ReasonForm) -> Answer:
        await revoke_certificate(certificate_id, reason=form.reason, actor=current_actor())
        return see_other(f"/volunteers/certificates/{certificate_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _certificate_page(certificate_id, form, status)

    return await submit(request, ReasonForm, act, again)


@post(f"{_ONE}/paper", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def print_certificate(request: Request[Any, Any, Any], certificate_id: RowId) -> Answer:
    """Ask for it as PDF, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_certificate(certificate_id, actor=current_actor())}")

    async def again(form: Form, status: int) -> Answer:
        return await _certificate_page(certificate_id, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/volunteers/lead/certificates/{organization_id:int}", include_in_schema=False, access=flows.LEAD)
async def show_issued(organization_id: RowId, before: Before = None) -> Answer:
    """What an organization has certified, for those who may revoke it."""
    owner = await organizations.organization(organization_id)
    current_actor().require(flows.LEAD, Ref("organization", owner.id))
    found = await certificates.issued_by(owner.id, before_id=before, limit=PAGE + 1)
    await note_seen([one.person_id for one in found[:PAGE]], SEEN_CERTIFICATES, viewer=current_actor())
    return page(
        "web/certificates.html",
        owner=owner,
        certificates=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        hours=terms.hours_shown,
    )


@get("/certificates/{number:str}", include_in_schema=False, access=PUBLIC)
async def check_certificate(number: Number, k: Key = "") -> Answer:
    """For whoever was shown a certificate: is it ours, and does it still hold?"""
    try:
        found = await certificates.verified(number, clean(k))
    except CertificateNotFound:
        return page("web/certificate_check.html", status=404, certificate=None, number=number)
    held = await stars.in_force(found.person_id)
    return page(
        "web/certificate_check.html", certificate=found, number=number, hours=terms.hours_shown, star=held
    )


@get("/certificates/key.pem", include_in_schema=False, access=PUBLIC)
async def show_key() -> Response[bytes]:
    """The public key of all certificates, for OpenSSL."""
    return Response(signature.public_pem(SIGNED_AS).encode(), media_type="application/x-pem-file")


HANDLERS = [show_certificate, print_certificate, revoke, show_issued, check_certificate, show_key]
