"""A foundation with a fund of two purposes, everybody who works for it, and a community that asks."""

from dataclasses import dataclass, field
from datetime import date

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value
from core.files.rules import Upload
from core.funds import rules, services
from core.funds.queries import requests
from core.funds.rules import Ask, GiftDraft, Line
from core.organizations.services import register_organization
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from tests.core.funds.agreed import open_agreed
from tests.factories import PASSWORD, make_region, make_resident
from workers.drain import run_due_jobs

CHILDREN, ELDERS = "四点半课堂", "助老餐"
ALL = tuple(rules.CHECKS)
# Why to go on, though a member of the committee works for the asking community.
AWARE = "已当面核实"
SLIP = Upload("回单.pdf", b"%PDF-1.4\n% slip")
VOUCHER = Upload("发票.pdf", b"%PDF-1.4\n% invoice")


@dataclass
class FundWorld:
    """Ids and actors; `members` sit on the committee, the last of them works for the asking community."""

    foundation: int
    community: int
    fund: int = 0
    children: int = 0
    elders: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)
    members: list[Actor] = field(default_factory=list)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None


async def holder(name: str, role: str, scope: Ref, region_id: int, phone: str | None = None) -> Actor:
    """A person with a role; can log in if given a phone."""
    person = await make_resident(region_id, name=name, phone=phone, password=PASSWORD if phone else None)
    await grant_role(person.person_id, role, scope, actor_id=None)
    found = await people.actor(person.person_id)
    assert found is not None
    return found


async def make_fund_world(phones: dict[str, str] | None = None, *, name: str = "测样基金会") -> FundWorld:
    """The world; whoever has a phone in `phones` can log in."""
    phones, region_id = phones or {}, await make_region()
    foundation = await register_organization(name, kind="foundation", region_id=region_id)
    community = await register_organization("测样社区", kind="committee", region_id=region_id)
    world = FundWorld(foundation, community)
    at, asker = Ref("organization", foundation), Ref("organization", community)
    for who, role, scope in (
        ("head", "core.manager", at),
        ("treasurer", "core.fund_treasurer", at),
        ("payer", "core.fund_payer", at),
        ("checker", "core.fund_checker", at),
        ("asker", "core.manager", asker),
    ):
        world.actors[who] = await holder(f"测{who}", role, scope, region_id, phones.get(who))
    donor = await make_resident(
        region_id, name="施捐赠", phone=phones.get("donor"), password=PASSWORD if "donor" in phones else None
    )
    world.actors["donor"] = donor
    await _make_fund(world, name, region_id, phones)
    return world


async def _make_fund(world: FundWorld, name: str, region_id: int, phones: dict[str, str]) -> None:
    head = world.head
    world.fund = await services.found_fund(
        f"{name}样里微基金", organization_id=world.foundation, summary="样里的孩子和老人", actor=head
    )
    world.children = await services.add_purpose(world.fund, CHILDREN, actor=head)
    world.elders = await services.add_purpose(world.fund, ELDERS, actor=head)
    await open_agreed(world.fund, head)
    seat = Ref(rules.FUND, world.fund)
    for number in range(3):
        phone = phones.get(f"member{number}")
        member = await holder(f"管委会{number}", "core.fund_committee", seat, region_id, phone)
        world.members.append(member)
    conflicted = world.members[-1]
    community = Ref("organization", world.community)
    await grant_role(conflicted.person_id, "core.treasurer", community, actor_id=None)


def draft(amount_fen: int, receipt_no: str, **changes: object) -> GiftDraft:
    """A free gift of a named donor without an account, in cash, today."""
    known: dict[str, object] = {
        "amount_fen": amount_fen,
        "purpose_id": None,
        "donor_id": None,
        "donor_name": "施样人",
        "nickname": "",
        "display": rules.NAME,
        "method": rules.CASH,
        "receipt_no": receipt_no,
        "received_on": clock.today(),
    }
    return GiftDraft(**(known | changes))  # type: ignore[arg-type]


async def give(world: FundWorld, amount_fen: int, receipt_no: str, **changes: object) -> int:
    """A gift that the treasurer records, a large one with its slip."""
    return await services.record_gift(
        world.fund,
        draft(amount_fen, receipt_no, **changes),
        actor=world.treasurer,
        upload=SLIP if amount_fen > 500000 else None,
    )


async def three_gifts(world: FundWorld) -> tuple[int, int, int]:
    """100.00 for the children from the donor with an account, 50.00 free, 30.00 anonymous for the elders."""
    donor_id = world.donor.person_id
    return (
        await give(world, 10000, "S-1", purpose_id=world.children, donor_id=donor_id, donor_name="施捐赠"),
        await give(world, 5000, "S-2", display=rules.NICKNAME, nickname="样里邻居"),
        await give(world, 3000, "S-3", purpose_id=world.elders, display=rules.ANONYMOUS, donor_name=""),
    )


async def ask(
    world: FundWorld, amount_fen: int = 6200, *, purpose: str = "children", actor: Actor | None = None
) -> int:
    """A request of the community, by its manager."""
    purpose_id = getattr(world, purpose) if purpose else None
    wanted = Ask(
        organization_id=world.community,
        title="暑期四点半课堂",
        purpose_id=purpose_id,
        lines=[Line("绘本", amount_fen - 200), Line("水彩笔", 200)],
    )
    return await services.ask_for_money(world.fund, wanted, actor=actor or world.asker)


async def vote(world: FundWorld, request_id: int, *, choice: str = "approve") -> None:
    """The two members without an interest vote alike; the decision reaches the request."""
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None
    for member in world.members[:2]:
        await cast_vote(approval_id, choice=choice, reason="看过了", person_id=member.person_id)
    await run_due_jobs()


async def held(world: FundWorld, amount_fen: int = 6200, *, purpose: str = "children") -> int:
    """A request for which the money is set aside."""
    request_id = await ask(world, amount_fen, purpose=purpose)
    await vote(world, request_id)
    await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    return request_id


async def paid(world: FundWorld, amount_fen: int = 6200, *, payment_no: str = "P-1") -> int:
    """A request that two persons have paid."""
    request_id = await held(world, amount_fen)
    await services.prepare_payment(request_id, payment_no=payment_no, actor=world.treasurer)
    await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    return request_id


async def state_of(request_id: int) -> str:
    """Where the request is."""
    return (await requests.request(request_id)).state


async def report(world: FundWorld, request_id: int) -> None:
    """The asker brings the voucher."""
    await services.bring_voucher(
        request_id, voucher_no="V-1", result="四十个孩子上了课", upload=VOUCHER, actor=world.asker
    )


async def transfers() -> int:
    """How many there are in the ledger."""
    return int(await fetch_value("select count(*) from ledger_transfer"))


async def titles(person_id: int) -> list[str]:
    """Of what the person was told, in order."""
    rows = await fetch("select title from notification where person = $1 order by id", person_id)
    return [row["title"] for row in rows]


def day(text: str) -> date:
    """A civil day."""
    return date.fromisoformat(text)
