"""What a guardian does for a child, for programs.

Cancelling, pleading, confirming and disputing go by the id of the sign-up or the record, as for oneself.
"""

from litestar import get, post
from litestar.params import JSONBody

from core.registration.queries import own_child
from core.volunteers.queries import certificates, sign_ups
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.sign_ups import sign_up
from web.access import SIGNED_IN
from web.parameters import Before, RowId
from web.visit import current_actor
from web.volunteers.api.shapes import CertificateIn, CertificateOut, MineOut, SignUpIn, SignUpOut
from web.volunteers.api.volunteers import mine_of

_CHILD = "/volunteers/children/{child_id:int}"


@get(_CHILD, summary="孩子的服务", tags=["volunteers"], access=SIGNED_IN)
async def get_child(child_id: RowId, before: Before = None) -> MineOut:
    """The same of one's child as of oneself."""
    await own_child(child_id, current_actor().person_id)
    return await mine_of(child_id, before)


@post(
    f"{_CHILD}/shifts/{{shift_id:int}}/sign-up", summary="给孩子报名", tags=["volunteers"], access=SIGNED_IN
)
async def join_for_child(child_id: RowId, shift_id: RowId, data: JSONBody[SignUpIn]) -> SignUpOut:
    """Take a place for one's child, or the next one in the queue. Repeating it returns the same sign-up."""
    ticked = {"agreed": data.agreed, "meets": data.meets}
    id_ = await sign_up(shift_id, **ticked, actor=current_actor(), child_id=child_id)
    return SignUpOut.of(await sign_ups.sign_up(id_))


@post(f"{_CHILD}/certificates", summary="给孩子开具服务证明", tags=["volunteers"], access=SIGNED_IN)
async def issue_for_child(child_id: RowId, data: JSONBody[CertificateIn]) -> CertificateOut:
    """Certify what one organization has confirmed for one's child."""
    id_ = await issue_certificate(
        data.organization_id, shows_name=data.shows_name, actor=current_actor(), child_id=child_id
    )
    return CertificateOut.of(await certificates.certificate(id_))


HANDLERS = [get_child, join_for_child, issue_for_child]
