"""What every step of a request shares: its row locked, its own account, and the move to the next state."""

from typing import Any

from core import clock
from core.audit.services import advance
from core.events.services import record_event
from core.funds import postings, rules
from core.funds.errors import RequestNotFound
from core.funds.queries import requests
from core.funds.queries.requests import RequestView
from core.funds.rules import states
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref


async def held_account(request_id: int) -> int:
    """The request's own account."""
    ref = Ref(rules.REQUEST, request_id)
    return await ledger.open_account(ref, kind=postings.HELD, unit=postings.UNIT)


async def lock(request_id: int, actor: Actor, permission: str) -> RequestView:
    """The request, locked, for who may do it at its foundation; RequestNotFound, PermissionMissing."""
    request = await requests.request(request_id, lock=True)
    if request.state not in states.PUBLIC_STATES and not requests.takes_part(request, actor):
        raise RequestNotFound
    actor.require(permission, request.foundation)
    return request


async def move(request: RequestView, code: str, actor: Actor | None, **columns: Any) -> None:
    """Take the request on and tell; raises WrongState."""
    states.REQUESTS.check(code, request, clock.now())
    actor_id = actor.person_id if actor else None
    await advance(states.REQUESTS, code, request.id, actor_id=actor_id, **columns)
    target = states.REQUESTS.transition(code).target
    record_event("fund_request_moved", Ref(rules.REQUEST, request.id), request_id=request.id, state=target)
