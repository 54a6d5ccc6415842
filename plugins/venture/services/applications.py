"""The verbs of an applicant: draft, budget line by line, attachments, submit, withdraw."""

from dataclasses import dataclass

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.language import mark
from core.organizations import queries as organizations
from core.organizations import rules as registrations
from core.organizations.queries import restrictions
from core.people.rules import REPRESENT, Actor
from core.reference import Ref
from plugins.venture import rules
from plugins.venture.errors import CallNotOpen, NoOrganization, NotDraft, OwnCall
from plugins.venture.queries import applications as queries
from plugins.venture.queries import calls
from plugins.venture.queries.applications import ApplicationView
from plugins.venture.queries.calls import CallView
from plugins.venture.rules import flows, money
from plugins.venture.rules.money import BudgetLine
from plugins.venture.services.notices import tell
from plugins.venture.tables import Application
from plugins.venture.tables import BudgetLine as LineRow


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an application says."""

    title: str
    need: str
    plan: str
    beneficiaries: int
    asked_fen: int


async def draft_application(call_id: int, organization_id: int, words: Words, *, actor: Actor) -> int:
    """Begin an organization's only application to the call; if there is one, it is returned.

    Raises CallNotFound, CallNotOpen, OwnCall, NoOrganization, AskedAboveCap, OrganizationLimited or
    OrganizationBarred.
    """
    try:
        async with unit_of_work():
            call = await calls.visible_call(call_id, actor)
            await _check_applicant(call, organization_id, actor)
            there = await queries.open_application(call_id, organization_id)
            if there is not None:
                return there
            money.check_asked(words.asked_fen, call.cap_fen)
            application = Application(
                call=call_id,
                organization=organization_id,
                title=words.title,
                need=words.need,
                plan=words.plan,
                beneficiaries=words.beneficiaries,
                asked_fen=words.asked_fen,
                made_by=actor.person_id,
            )
            await application.save()
            ref = Ref(rules.APPLICATION, application.id)
            record_audit("venture.application_drafted", ref, actor_id=actor.person_id)
            return int(application.id)
    except asyncpg.UniqueViolationError:  # somebody else of the organization, in the same moment
        return await queries.open_application(call_id, organization_id) or 0


async def _check_applicant(call: CallView, organization_id: int, actor: Actor) -> None:
    if not actor.may(REPRESENT, Ref(organizations.OWNER, organization_id)):
        raise NoOrganization
    if (await organizations.file(organization_id)).state != registrations.APPROVED:
        raise NoOrganization
    await restrictions.require_eligible(organization_id, begins=True)
    if call.organization_id == organization_id:
        raise OwnCall
    if not call.is_open:
        raise CallNotOpen


async def draft_of(application_id: int, actor: Actor) -> tuple[ApplicationView, CallView]:
    """The applicant's draft, locked, and its call; raises ApplicationNotFound, NotDraft or CallNotOpen."""
    application = await queries.own_application(application_id, actor, lock=True)
    if application.state != flows.DRAFT:
        raise NotDraft
    call = await calls.call(application.call_id)
    if not call.is_open:
        raise CallNotOpen
    return application, call


async def change_application(application_id: int, words: Words, *, actor: Actor) -> None:
    """Write other words into a draft; raises AskedAboveCap and as above."""
    async with unit_of_work():
        _, call = await draft_of(application_id, actor)
        money.check_asked(words.asked_fen, call.cap_fen)
        await Application.update(
            {
                Application.title: words.title,
                Application.need: words.need,
                Application.plan: words.plan,
                Application.beneficiaries: words.beneficiaries,
                Application.asked_fen: words.asked_fen,
            }
        ).where(Application.id == application_id)


async def add_line(application_id: int, line: BudgetLine, *, actor: Actor) -> int:
    """Add a line to the budget of a draft and return its id; raises TooManyLines or LineTooLarge."""
    async with unit_of_work():
        application, _ = await draft_of(application_id, actor)
        money.check_line(line, len(await queries.budget(application_id)), application.asked_fen)
        row = LineRow(
            application=application_id,
            category=line.category,
            item=line.item,
            quantity=line.quantity,
            price_fen=line.price_fen,
        )
        await row.save()
        return int(row.id)


async def remove_line(application_id: int, line_id: int, *, actor: Actor) -> None:
    """Take a line out of the budget of a draft; one that is gone already is no mistake."""
    async with unit_of_work():
        await draft_of(application_id, actor)
        await LineRow.delete().where(LineRow.id == line_id, LineRow.application == application_id)


async def submit_application(application_id: int, *, actor: Actor) -> None:
    """Hand it in, in time and with a budget that is what is asked; the second click changes nothing.

    Raises ApplicationNotFound, CallNotOpen, NotDraft, OrganizationBarred, BudgetMissesTheSum.
    """
    async with unit_of_work():
        if (await queries.own_application(application_id, actor, lock=True)).state == flows.SUBMITTED:
            return
        application, call = await draft_of(application_id, actor)
        await restrictions.require_eligible(application.organization_id)
        lines = await queries.budget(application_id)
        money.check_asked(application.asked_fen, call.cap_fen)
        money.check_sum([one.line.amount_fen for one in lines], application.asked_fen)
        await advance(
            flows.APPLICATIONS,
            "venture.submitted",
            application_id,
            actor_id=actor.person_id,
            submitted_at=clock.now(),
        )
        await tell(
            call.organization_id,
            rules.MANAGE,
            title=mark("收到一份项目申报"),
            body=mark("%(call)s收到新的申报，截止后可以开始评审。"),
            path=f"/venture/applications/{application_id}",
            call=call.title,
        )


async def withdraw_application(application_id: int, *, actor: Actor) -> None:
    """Take it back before the deadline; the organization may then begin another one.

    Raises ApplicationNotFound, CallNotOpen, WrongState.
    """
    async with unit_of_work():
        application = await queries.own_application(application_id, actor, lock=True)
        if application.state == flows.WITHDRAWN:
            return
        flows.APPLICATIONS.check("venture.withdrawn", application, clock.now())
        if not (await calls.call(application.call_id)).is_open:
            raise CallNotOpen
        await advance(flows.APPLICATIONS, "venture.withdrawn", application_id, actor_id=actor.person_id)
