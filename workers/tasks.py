"""Core's own tasks, and the list of all."""

import functools
from datetime import timedelta

from core import plugins, settings
from core.answers import services as answers
from core.approvals import services as approvals
from core.audit import services as audit
from core.documents import services as documents
from core.errors import PluginRefused
from core.events import services as events
from core.funds import services as funds
from core.funds.services import flows
from core.jobs import services as jobs
from core.notifications import services as notifications
from core.notifications.services import digests, sending, volunteers
from core.notifications.services import stars as told_stars
from core.organizations.services.imports import sweep_imports
from core.payments import services as payments
from core.people import services as people
from core.privacy import services as privacy
from core.registration import services as registration
from core.volunteers.services import attendance, sign_ups, star_reviews, stars, telling
from workers import bank, organizations
from workers.exports import export_audit, export_fiscal, export_statement
from workers.gifts import export_gifts
from workers.packs import make_gift_pack
from workers.papers import (
    print_agreement,
    print_certificate,
    print_gift_receipt,
    print_gift_receipt_by_code,
    print_receipt,
    print_statement,
)
from workers.privacy import copy_personal_data
from workers.records import export_services
from workers.task import Task, task

_ON_REQUEST = (
    export_audit,
    export_fiscal,
    export_statement,
    *organizations.TASKS,
    *bank.TASKS,
    print_statement,
    print_receipt,
    print_certificate,
    print_gift_receipt,
    print_gift_receipt_by_code,
    print_agreement,
    export_services,
    export_gifts,
    copy_personal_data,
    make_gift_pack,
)
_ROWS_AT_ONCE, _FILES_AT_ONCE = 5_000, 50


@task(audit.SEAL)
async def seal_audit() -> None:
    """Chain the audit events since the last seal."""
    await audit.seal()


@task(jobs.SWEEP)
async def sweep() -> None:
    """Delete what was only kept for a while; what is too much at once is left to a job right after."""
    kept = timedelta(days=settings.load().keep_jobs_days)
    swept = [
        await events.sweep_delivered(older_than=kept, limit=_ROWS_AT_ONCE),
        await jobs.sweep_done(older_than=kept, limit=_ROWS_AT_ONCE),
        await documents.sweep_expired(limit=_FILES_AT_ONCE),
        await sweep_imports(limit=_FILES_AT_ONCE),
        await payments.sweep_statements(limit=_FILES_AT_ONCE),
    ]
    if any(
        n >= most
        for n, most in zip(swept, (_ROWS_AT_ONCE, _ROWS_AT_ONCE, *[_FILES_AT_ONCE] * 3), strict=True)
    ):
        jobs.add_job(jobs.SWEEP, {})


@functools.cache
def all_tasks() -> dict[str, Task]:
    """Name -> task, of core and all enabled plugins; a plugin's names begin with its own."""
    found = {
        answers.SWEEP: Task(answers.SWEEP, answers.sweep_answers),
        events.DELIVER: Task(events.DELIVER, events.deliver_event),
        approvals.CLOSE_LATE: Task(approvals.CLOSE_LATE, approvals.close_late),
        notifications.DELIVER: Task(notifications.DELIVER, notifications.deliver_notice),
        privacy.END: Task(privacy.END, privacy.end_accounts),
        privacy.SWEEP: Task(privacy.SWEEP, privacy.sweep_accesses),
        people.SWEEP: Task(people.SWEEP, people.sweep_sessions),
        registration.SEND: Task(registration.SEND, registration.send_code),
        registration.SWEEP: Task(registration.SWEEP, registration.sweep_codes),
        notifications.DELETE_OLD: Task(notifications.DELETE_OLD, notifications.delete_old_notices),
        sending.SEND: Task(sending.SEND, sending.send_message),
        funds.LAPSE: Task(funds.LAPSE, funds.lapse_gifts),
        payments.OPEN_PAYMENT: Task(payments.OPEN_PAYMENT, payments.open_payment),
        payments.SETTLE: Task(payments.SETTLE, payments.settle),
        payments.TAKE: Task(payments.TAKE, payments.take_notification),
        payments.RECONCILE: Task(payments.RECONCILE, payments.reconcile),
        payments.RECONCILE_ALL: Task(payments.RECONCILE_ALL, payments.reconcile_all),
        payments.SEND_REFUND: Task(payments.SEND_REFUND, payments.send_refund),
        payments.SWEEP: Task(payments.SWEEP, payments.sweep),
        payments.CHECK_CHANGE: Task(payments.CHECK_CHANGE, payments.check_change),
        payments.CHECK_MERCHANT: Task(payments.CHECK_MERCHANT, payments.check_merchant),
        digests.DIGESTS: Task(digests.DIGESTS, digests.ask_for_digests),
        sign_ups.REMIND: Task(sign_ups.REMIND, sign_ups.remind),
        attendance.FORGET: Task(attendance.FORGET, attendance.forget_distances),
        flows.FOLD_FLOWS: Task(flows.FOLD_FLOWS, flows.fold_flows),
        telling.TELL: Task(telling.TELL, volunteers.tell_volunteer),
        telling.TELL_STAR: Task(telling.TELL_STAR, told_stars.tell_of_star),
        stars.AWARD: Task(stars.AWARD, stars.award_stars),
        star_reviews.REVIEW: Task(star_reviews.REVIEW, star_reviews.review_stars),
    } | {own.name: own for own in (seal_audit, sweep, *_ON_REQUEST)}
    for plugin, theirs in plugins.registered("register_tasks"):
        if not theirs.name.startswith(f"{plugin}."):
            raise PluginRefused(f"plugin {plugin!r}: the task {theirs.name!r} must begin with '{plugin}.'")
        if theirs.name in found:
            raise PluginRefused(f"plugin {plugin!r}: two tasks are called {theirs.name!r}")
        found[theirs.name] = theirs
    return found
