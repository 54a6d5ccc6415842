"""What a foundation has to make public by when, for everybody."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.files.queries import files_of_many
from core.language import translate
from core.reference import Ref
from plugins.foundation.forms.disclosures import DisclosureForm, DutyForm
from plugins.foundation.queries import disclosures as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import disclosures as rules
from plugins.foundation.services import disclosures as services
from web.access import PUBLIC
from web.forms import WITH_FILE_MOST, Answer, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor


@get("/{organization_id:int}/disclosures", include_in_schema=False, access=PUBLIC)
async def show_disclosures(organization_id: RowId) -> Answer:
    """What must be public, by when, and where it stands."""
    return await _page(organization_id, Form())


async def _page(organization_id: int, form: Form, status: int = 200) -> Answer:
    found, actor, today = await foundation(organization_id), VISIT.get().actor, clock.today()
    duties = await queries.duties(organization_id, today)
    said = [one.id for duty in duties for one in duty.disclosed]
    may = bool(actor and actor.may(calendar_rules.PUBLISH, Ref("organization", organization_id)))
    return page(
        "foundation/disclosures.html",
        status=status,
        foundation=found,
        duties=duties,
        files=await files_of_many(queries.DISCLOSURE, said),
        kinds=rules.KINDS,
        recorded=[(kind, translate(rules.KINDS[kind])) for kind in rules.RECORDED],
        choices=[
            (f"{duty.kind}:{duty.key}", f"{duty.about} {translate(rules.KINDS[duty.kind])}")
            for duty in sorted(duties, key=lambda duty: (bool(duty.disclosed), duty.due_on))
        ],
        may_publish=may,
        today=today,
        form=form,
    )


@post(
    "/{organization_id:int}/disclosures",
    include_in_schema=False,
    access=calendar_rules.PUBLISH,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def disclose(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Say where it was made public."""

    async def act(form: DisclosureForm) -> Answer:
        kind, _, key = form.duty.partition(":")
        await services.disclose(
            organization_id,
            kind,
            key,
            link=form.link,
            note=form.note,
            upload=form.file,
            actor=current_actor(),
        )
        return see_other(f"/foundation/{organization_id}/disclosures")

    async def again(form: Form, status: int) -> Answer:
        return await _page(organization_id, form, status)

    return await submit(request, DisclosureForm, act, again)


@post(
    "/{organization_id:int}/duties",
    include_in_schema=False,
    access=calendar_rules.PUBLISH,
    status_code=303,
)
async def record_duty(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """A large or related transaction has taken place."""

    async def act(form: DutyForm) -> Answer:
        await services.record_duty(
            organization_id, form.kind, form.title, form.happened_on, actor=current_actor()
        )
        return see_other(f"/foundation/{organization_id}/disclosures")

    async def again(form: Form, status: int) -> Answer:
        return await _page(organization_id, form, status)

    return await submit(request, DutyForm, act, again)


HANDLERS = [show_disclosures, disclose, record_duty]
