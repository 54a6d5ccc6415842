"""A small world in which everything belongs to the first of two neighbouring tenants."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.documents.services import keep_file
from core.events.services import DELIVER, record_event
from core.files.rules import Upload
from core.files.services import keep_file as keep_upload
from core.jobs.services import add_job_for
from core.notifications.services import deliver_notice
from core.notifications.services.preferences import propose_email
from core.organizations.rules import STAFF, Registration
from core.organizations.services import propose_organization
from core.parameters.services import set_parameter
from core.payments.services import ask_refund, connect_merchant
from core.people.rules import Actor, roles
from core.people.services import grant_role
from core.projects.services import open_project
from core.reference import PLATFORM, Ref
from core.volunteers.queries.certificates import CertificateView, certificate
from plugins.garden import services as garden
from tests.contracts.bank_things import make_bank_things
from tests.contracts.calls_world import Calls, make_calls
from tests.contracts.campaign_things import make_campaign_things
from tests.contracts.fund_things import make_fund_things
from tests.contracts.households_world import make_household_things
from tests.contracts.organization_things import make_organization_things
from tests.core.approvals.questions import open_one
from tests.core.notifications.persons import link_token
from tests.core.payments.orders import confirm, make_order
from tests.core.volunteers.stages import build_stages
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.plugins.greencoin.village import make_stages, make_village

# Scope kind -> where in the world a role of that kind is held: at the owner of the things, and elsewhere.
SCOPES = {
    "platform": lambda world: (PLATFORM, None),
    "organization": lambda world: (world.here.ref, world.there.ref),
    "region": lambda world: (Ref("region", world.here.region_id), Ref("region", world.there.region_id)),
    "venture.call": lambda world: (Ref("venture.call", world.calls.scoring.call), None),
    "fund": lambda world: (Ref("fund", world.funds["fund"]), Ref("fund", world.funds["other_fund"])),
}


@dataclass(frozen=True)
class World:
    """Ids of things; all of them belong to `here`, and what a household can have, to the resident."""

    here: Committee
    there: Committee
    resident: Actor
    neighbour: Actor
    garden: int
    free_plot: int
    lease: int
    order: int
    paid: int
    refund: int
    line: int
    newcomer_phone: str
    newcomer_name: str
    grant: int
    session: int
    notice: int
    email_token: str
    approval: int
    failed_job: int
    waiting_job: int
    file: int
    delivery: int
    planned_on: str
    registration: int
    returned: int
    calls: Calls
    project: int
    upload: int
    points: dict[str, int]
    funds: dict[str, Any]
    bank: dict[str, int]
    certificate: CertificateView
    volunteering: dict[str, int]
    households: dict[str, Any]
    organizations: dict[str, int]

    @property
    def organization(self) -> int:
        """The owner of it all."""
        return self.here.id


async def make_world() -> World:
    """Two committees with gardens; the resident has reserved a plot and not paid for it yet."""
    here, there = await make_committee(), await make_committee()
    await make_garden(there)
    garden_id, plots = await make_garden(here)
    phone, newcomer_phone = new_phone(), new_phone()
    resident = await make_resident(here.region_id, name="林有地", phone=phone, password=PASSWORD)
    neighbour = await make_resident(here.region_id, name="苏隔壁", phone=new_phone(), password=None)
    newcomer = await make_resident(here.region_id, name="何新来", phone=newcomer_phone, password=None)
    await make_merchant(here)
    order = await garden.claim_plot(plots[0], agreed=True, actor=resident)
    await grant_role(newcomer.person_id, "core.treasurer", here.ref, actor_id=None)
    return World(
        here=here,
        there=there,
        resident=resident,
        neighbour=neighbour,
        garden=garden_id,
        free_plot=plots[1],
        lease=await fetch_value('select id from garden_lease where "order" = $1', order),
        order=order,
        **await _make_refund(here, resident),
        newcomer_phone=newcomer_phone,
        newcomer_name=newcomer.name,
        grant=await fetch_value("select id from role_grant where person = $1", newcomer.person_id),
        session=await _make_session(resident.person_id),
        notice=await _make_notice(resident.person_id),
        email_token=await _make_link(resident),
        approval=await open_one(
            maker=neighbour.person_id, voters=(resident.person_id, newcomer.person_id), needed=2
        ),
        points=await _make_points(here, resident),
        **await _make_operations(here, resident),
        **await _make_project(here, resident),
        **await _make_registrations(here, resident, neighbour),
        calls=await make_calls(here, there),
        funds=await _make_funds(here, there, resident),
        **await _make_volunteering(here, resident, neighbour),
        households=await make_household_things(here, there, resident, neighbour),
        organizations=await make_organization_things(here),
        bank=await make_bank_things(here, resident),
    )


async def _make_funds(here: Committee, there: Committee, resident: Actor) -> dict[str, Any]:
    made = await make_fund_things(here, there, resident)
    return made | await make_campaign_things(here, made["fund"])


async def _make_refund(here: Committee, resident: Actor) -> dict[str, int]:
    """An order of the resident, paid in cash, of which a part is to be paid out again."""
    paid = await make_order(here, resident)
    await confirm(paid, here.treasurer, receipt_no="R1")
    refund = await ask_refund(paid, amount_fen=500, reason="多收了", actor=here.treasurer)
    return {"paid": paid, "refund": refund, "line": await make_line(here)}


async def make_line(committee: Committee) -> int:
    """A line of the provider's books that is not ours."""
    line: int = await fetch_value(
        "insert into payment_settlement_line (merchant, external_id, kind, amount, currency, booked_at,"
        " noted_at, verdict) select id, 'txn_1', 'captured', 8800, 'cny', $2, $2, 'not_ours'"
        " from payment_merchant where organization = $1 returning id",
        committee.id,
        clock.now(),
    )
    return line


async def _make_points(here: Committee, resident: Actor) -> dict[str, int]:
    """The village's points; of its three reviewers one goes, for the one that `make_actors` adds."""
    village = await make_village(committee=here)
    stages = await make_stages(village, resident)
    await fetch("update role_grant set revoked_at = now() where person = $1", village.reviewers[0].person_id)
    code = await fetch_value("select code from greencoin_redemption where id = $1", stages["redemption"])
    return stages | {"code": code}


RULE = "garden.plot_fee_fen"
MERCHANT_KEY = "sk_standin_1_12345678"


async def make_merchant(committee: Committee) -> None:
    """The committee takes money online: the provider has accepted its key."""
    keys = {"secret_key": MERCHANT_KEY, "webhook_secret": "whsec_12345678"}
    await connect_merchant(committee.id, "stripe", keys)
    await fetch("update payment_merchant set checked_at = $1", clock.now())


async def _make_operations(here: Committee, resident: Actor) -> dict[str, Any]:
    """Jobs, of which the resident asked for the waiting one; a file; a stuck delivery; a planned rule."""
    async with unit_of_work():
        failed = await add_job_for(0, "test.failed", {})
        await fetch("update job set state = 'failed' where id = $1", failed)
        waiting = await add_job_for(resident.person_id, "test.waiting", {})
        file_id = await keep_file("清单.csv", "text/csv", b"1", owner_id=resident.person_id)
        record_event("order_paid", Ref("order", 10**6), order_id=10**6, cause_kind="test", cause_id=1)
    await fetch("update job set state = 'failed' where name = $1", DELIVER)
    planned_on = clock.today() + timedelta(days=9)
    await set_parameter(RULE, here.ref, 100, effective_on=planned_on, actor_id=None)
    return {
        "failed_job": failed,
        "waiting_job": waiting,
        "file": file_id,
        "delivery": await fetch_value("select max(id) from event_delivery"),
        "planned_on": planned_on.isoformat(),
    }


async def _make_project(here: Committee, resident: Actor) -> dict[str, int]:
    """A project of the first tenant, and a paper that the resident has sent for few eyes."""
    async with unit_of_work():
        upload = await keep_upload(
            Upload("票据.pdf", b"%PDF-1.7"), subject=Ref("test.claim", 1), actor_id=resident.person_id
        )
        project = await open_project(
            "河边的长椅",
            "",
            organization_id=here.id,
            region_id=here.region_id,
            source=Ref("test.contract", 1),
            actor_id=None,
        )
    return {"project": project, "upload": upload}


async def _make_registrations(here: Committee, resident: Actor, neighbour: Actor) -> dict[str, int]:
    """One waits for the staff of the region, one was sent back to the resident."""
    made = []
    for name, person in (("新来的合唱队", neighbour), ("爱种菜小组", resident)):
        said = Registration(name, "community_group", here.region_id, None)
        made.append(await propose_organization(said, actor=person))
    await fetch("update organization set state = 'returned' where id = $1", made[1])
    return {"registration": made[0], "returned": made[1]}


async def _make_volunteering(here: Committee, resident: Actor, neighbour: Actor) -> dict[str, Any]:
    """The first tenant's volunteers at every stage."""
    stages = await build_stages(here, resident, neighbour)
    return {"volunteering": stages, "certificate": await certificate(stages["certificate"])}


async def _make_notice(person_id: int) -> int:
    async with unit_of_work():
        await deliver_notice(person_id, title="题", body="文", path="", params={})
    return int(await fetch_value("select id from notification where person = $1", person_id))


async def _make_link(person: Actor) -> str:
    """The link that confirms an address, as it stands in the e-mail."""
    await propose_email("lin@example.org", actor=person)
    return link_token(person.person_id, "lin@example.org")


async def _make_session(person_id: int) -> int:
    return int(
        await fetch_value(
            "insert into session (token_hash, person, door, opened_at, expires_at)"
            " values ('another', $1, 'web', now(), now() + interval '1 day') returning id",
            person_id,
        )
    )


async def make_actors(world: World) -> dict[str, int | None]:
    """Column -> person id, None for a visitor: residents, and a holder of each role here and elsewhere."""
    actors: dict[str, int | None] = {
        "visitor": None,
        "resident": world.resident.person_id,
        "neighbour": world.neighbour.person_id,
    }
    for code, role in sorted(roles().items(), key=lambda item: (item[1].scope_kind, item[0])):
        assert role.scope_kind in SCOPES, f"say in world.SCOPES where {code} ({role.scope_kind}) is held"
        for scope, mark in zip(SCOPES[role.scope_kind](world), ("", "@other"), strict=True):
            if scope is not None:
                name = code.removeprefix("core.") + mark
                actors[name] = await _make_holder(world, code, scope)
    return actors


async def _make_holder(world: World, role: str, scope: Ref) -> int:
    region_id = (world.there if scope == world.there.ref else world.here).region_id
    holder = await make_resident(region_id, name="任职者")
    await grant_role(holder.person_id, role, scope, actor_id=None)
    if (role, scope) == (STAFF, Ref("region", world.here.region_id)):
        await fetch("update organization_import set asked_by = $1", holder.person_id)
    if scope.kind == "venture.call":
        await world.calls.seat(holder.person_id)
    return holder.person_id
