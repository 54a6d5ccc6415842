"""What the pages of registration, households and the worker's desk show, for `page_world.py`."""

from datetime import date

from core.households.services import (
    ask_to_join,
    ask_to_merge,
    ask_to_move,
    invite,
    join,
    register_child,
)
from core.people import queries as people
from core.people.rules import WORKER, Actor
from core.people.services import grant_role, register_person
from core.privacy.services import ask_deletion, see_resident
from core.reference import Ref
from core.registration.rules import CHANGE, REGISTER, RESET
from core.registration.services import ask_for_code, issue_code, verify_identity
from core.registration.services.consents import give_consent
from tests.factories import PASSWORD, Committee, make_region, make_resident, new_phone


async def build_household_pages(
    committee: Committee, resident: Actor, phones: dict[str, str]
) -> dict[str, str]:
    """A household with a member and requests of every kind; codes; a worker with something to do."""
    housemate = await _person("林家人", new_phone())
    await join(await invite(actor=resident), actor=housemate)
    await invite(actor=resident)
    homeless = await _person("游无户", phones["homeless"])
    await ask_to_join(resident.require_household(), actor=homeless)
    other = await make_resident(committee.region_id, name="并户人")
    await ask_to_merge(resident.require_household(), actor=other)
    await ask_to_move(committee.region_id, actor=await make_resident(await make_region(), name="搬家人"))
    await ask_to_move(await make_region(), actor=resident)
    await give_consent("privacy", actor=resident)
    worker = await make_resident(
        committee.region_id, name="何社工", phone=phones["worker"], password=PASSWORD
    )
    await grant_role(worker.person_id, WORKER, Ref("region", committee.region_id), actor_id=None)
    actor = await people.actor(worker.person_id)
    assert actor is not None
    child = await register_child(
        "林小样", born_on=date(2015, 6, 1), agreed=True, purposes=("minor_points",), actor=resident
    )
    verified = await make_resident(committee.region_id, name="林真名")
    number = "11010519491231002X"
    await verify_identity(verified.person_id, name="林真名", number=number, agreed=True, actor=actor)
    await see_resident(resident.person_id, actor=actor)
    await ask_deletion(sure=True, actor=homeless)
    return {
        "child": str(child),
        "verified": str(verified.person_id),
        "housemate": str(housemate.person_id),
        "told": await issue_code(new_phone(), purpose=REGISTER, actor=actor),
        "register": await ask_for_code(new_phone(), purpose=REGISTER, address=""),
        "reset": await ask_for_code(new_phone(), purpose=RESET, address=""),
        "change": await ask_for_code(new_phone(), purpose=CHANGE, address="", person_id=resident.person_id),
    }


async def _person(name: str, phone: str) -> Actor:
    """Somebody without a household."""
    found = await people.actor(await register_person(name, phone=phone, password=PASSWORD))
    assert found is not None
    return found
