"""What who registered an organization is told. Organizations stand below and cannot tell anybody."""

from core.language import mark
from core.notifications.services import notify
from core.organizations import queries
from core.organizations.rules import APPROVED, REFUSED, RETURNED
from core.organizations.rules.restrictions import APPEALED, IN_FORCE, LIFTED, UPHELD
from core.people import queries as people
from core.people.rules import REPRESENT
from core.reference import Ref

_OUTCOMES = {
    APPROVED: (mark("组织登记通过了"), mark("%(name)s已经登记，您是它的负责人。")),
    RETURNED: (mark("组织登记被退回"), mark("%(name)s需要修改，打开可以看到原因，改好再交。")),
    REFUSED: (mark("组织登记没有通过"), mark("%(name)s没有通过，打开可以看到原因。")),
}


_RESTRICTED = {
    IN_FORCE: (mark("组织被限制"), mark("%(name)s被限制，打开可以看到原因，可以申诉。")),
    APPEALED: (mark("申诉已提交"), mark("%(name)s的申诉已提交，由另一位工作人员决定。")),
    UPHELD: (mark("申诉后维持限制"), mark("对%(name)s的限制维持，打开可以看到答复。")),
    LIFTED: (mark("限制已解除"), mark("对%(name)s的限制已解除。")),
}


async def tell_managers(organization_id: int, state: str) -> None:
    """What became of a restriction, to everybody who may act for the organization."""
    file = await queries.file(organization_id)
    title, body = _RESTRICTED[state]
    for person_id in await people.holders(REPRESENT, Ref(queries.OWNER, organization_id)):
        notify(
            person_id,
            title=title,
            body=body,
            path=f"/organizations/{organization_id}/restrictions",
            name=file.name,
        )


async def tell_registrant(organization_id: int, outcome: str) -> None:
    """The outcome; the reviewer's words stand on its page."""
    file = await queries.file(organization_id)
    if file.registrant_id is not None:
        title, body = _OUTCOMES[outcome]
        notify(
            file.registrant_id,
            title=title,
            body=body,
            path=f"/organizations/{organization_id}",
            name=file.name,
        )
