"""What is on record about who is paid: the warnings found, who went on and why, what was a false alarm."""

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.funds import rules
from core.funds.errors import WarningNotFound
from core.funds.queries import warnings as queries
from core.funds.queries.requests import RequestView
from core.funds.rules import states
from core.funds.rules import warnings as warning_rules
from core.funds.rules.warnings import PayeeWarning
from core.funds.services.steps import lock
from core.people.rules import Actor
from core.reference import Ref


async def note_warnings(request: RequestView) -> list[PayeeWarning]:
    """Keep what is found now, in the caller's unit of work; returns all that is known."""
    found = await queries.warnings_about(request)
    await current_unit().connection.executemany(
        "insert into fund_warning (request, code, person, amount_fen, found_at) values ($1, $2, $3, $4, $5)",
        [
            (request.id, one.code, one.person_id, one.amount_fen, clock.now())
            for one in found
            if one.found_at is None
        ],
    )
    return found


async def go_on(request: RequestView, step: str, reason: str, actor: Actor) -> None:
    """Somebody takes a request on, in the caller's unit of work, and knows to whom the payee is close.

    Raises ConcernedYourself, AwareMissing.
    """
    found = await note_warnings(request)
    if warning_rules.check_aware(found, actor.person_id, reason):
        await current_unit().connection.execute(
            "insert into fund_aware (request, step, reason, person, said_at) values ($1, $2, $3, $4, $5)",
            request.id,
            step,
            reason,
            actor.person_id,
            clock.now(),
        )


async def explain_warning(request_id: int, key: str, *, reason: str, actor: Actor) -> None:
    """Say why a warning is a false alarm; it stays where it is, with these words. Again replaces them.

    Raises ReasonMissing, RequestNotFound, PermissionMissing, OwnRequest, WarningNotFound, ConcernedYourself.
    """
    rules.check_reason(reason)
    async with unit_of_work():
        request = await lock(request_id, actor, states.CHECK)
        rules.check_outsider(actor.person_id, request.asked_by)
        one = next((one for one in await note_warnings(request) if one.key == key), None)
        if one is None:
            raise WarningNotFound
        warning_rules.check_not_concerned([one], actor.person_id)
        if one.explained == reason:
            return
        await current_unit().connection.execute(
            "update fund_warning set explained = $4, explained_by = $5, explained_at = $6"
            " where request = $1 and code = $2 and person is not distinct from $3",
            request_id,
            one.code,
            one.person_id,
            reason,
            actor.person_id,
            clock.now(),
        )
        ref = Ref(rules.REQUEST, request_id)
        record_audit("fund_request.warning_explained", ref, actor_id=actor.person_id, code=one.code)
