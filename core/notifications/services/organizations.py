"""What who registered an organization is told. Organizations stand below and cannot tell anybody."""

from core.language import mark
from core.notifications.services import notify
from core.organizations import queries
from core.organizations.rules import APPROVED, REFUSED, RETURNED

_OUTCOMES = {
    APPROVED: (mark("组织登记通过了"), mark("%(name)s已经登记，您是它的负责人。")),
    RETURNED: (mark("组织登记被退回"), mark("%(name)s需要修改，打开可以看到原因，改好再交。")),
    REFUSED: (mark("组织登记没有通过"), mark("%(name)s没有通过，打开可以看到原因。")),
}


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
