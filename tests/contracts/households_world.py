"""Households, codes and requests of the small world, each ready for somebody."""

from datetime import date
from typing import Any

from core.households.services import (
    ask_to_join,
    ask_to_merge,
    ask_to_move,
    invite,
    join,
    register_child,
)
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import register_person
from core.registration.rules import CHANGE, REGISTER, RESET
from core.registration.services import ask_for_code
from tests.core.registration.codes import code_for
from tests.factories import Committee, make_resident, new_phone


async def make_household_things(
    here: Committee, there: Committee, resident: Actor, neighbour: Actor
) -> dict[str, Any]:
    """The resident heads a household with a member, and somebody asks to join it; the neighbour asks to merge
    with it; a household from elsewhere asks to move here; the resident has asked for another phone."""
    member = await _person("林家人")
    await join(await invite(actor=resident), actor=member)
    mover = await make_resident(there.region_id, name="马搬家")
    codes = {
        purpose: await ask_for_code(new_phone(), purpose=purpose, address="", person_id=person_id)
        for purpose, person_id in ((REGISTER, None), (RESET, None), (CHANGE, resident.person_id))
    }
    child = await register_child("林小样", born_on=date(2015, 6, 1), agreed=True, purposes=(), actor=resident)
    return {
        "region": here.region_id,
        "child": child,
        "household": resident.household_id,
        "member": member.person_id,
        "invitation": await invite(actor=resident),
        "joining": await ask_to_join(resident.require_household(), actor=await _person("林外人")),
        "merging": await ask_to_merge(resident.require_household(), actor=neighbour),
        "moving": await ask_to_move(here.region_id, actor=mover),
        "tokens": codes,
        "digits": {purpose: await code_for(token) for purpose, token in codes.items()},
        "phone": new_phone(),
    }


async def _person(name: str) -> Actor:
    """Somebody without a household."""
    found = await people.actor(await register_person(name, phone=new_phone(), password=None))
    assert found is not None
    return found
