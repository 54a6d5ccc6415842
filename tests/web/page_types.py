"""Every type of page that a person can see: one short table, and a small world in which each is there.

A new page route needs a line here: `test_accessibility.py` says so, and then looks at it in both
languages, in 关怀版, in the dark and on a phone.
"""

from dataclasses import dataclass

from core.database import fetch
from core.demo import COMMITTEE
from core.organizations.services import register_organization
from core.payments.services import confirm_cash
from plugins.garden.services import claim_plot
from tests.factories import PASSWORD, make_committee, make_garden, make_resident, new_phone
from workers.drain import run_due_jobs


@dataclass(frozen=True)
class PageType:
    """`route` as the application states it, an address of it in the world, and who looks.

    `press`: the form's button is pressed with nothing filled in, so that the form comes back refused.
    `shares_title`: another state of a page whose title it has.
    """

    route: str
    address: str
    who: str | None = None
    press: bool = False
    shares_title: bool = False


_PLOT = "/garden/plots/{plot_id:int}"
PAGE_TYPES = (
    PageType("/", "/"),
    PageType("/login", "/login"),
    PageType("/login", "/login", press=True, shares_title=True),
    PageType("/search", "/search"),
    PageType("/search", "/search?q=测试"),
    PageType("/search", "/search?q=测试&kind=garden", shares_title=True),
    PageType("/search", "/search?q=没有这样的名字"),
    PageType("/todo", "/todo", "resident"),
    PageType("/todo", "/todo", "newcomer", shares_title=True),
    PageType("/todo", "/todo", "treasurer", shares_title=True),
    PageType("/accounts", "/accounts"),
    PageType("/accounts/{organization_id:int}", "/accounts/{committee}"),
    PageType("/accounts/{organization_id:int}", "/accounts/{idle}"),
    PageType("/orders/{order_id:int}", "/orders/{owed}", "resident"),
    PageType("/orders/{order_id:int}", "/orders/{paid}", "resident"),
    PageType("/counter", "/counter", "treasurer"),
    PageType("/counter", "/counter?words=没有的人", "treasurer", shares_title=True),
    PageType("/counter/{order_id:int}", "/counter/{owed}", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{owed}", "treasurer", press=True, shares_title=True),
    PageType("/counter/{order_id:int}", "/counter/{paid}", "treasurer"),
    PageType("/inbox", "/inbox", "resident"),
    PageType("/inbox", "/inbox", "newcomer", shares_title=True),
    PageType("/garden", "/garden"),
    PageType("/garden/{garden_id:int}", "/garden/{garden}", "resident"),
    PageType("/garden/{garden_id:int}", "/garden/{large_garden}"),
    PageType(_PLOT, "/garden/plots/{free_plot}"),
    PageType(_PLOT, "/garden/plots/{free_plot}", "newcomer", shares_title=True),
    PageType(_PLOT, "/garden/plots/{free_plot}", "newcomer", press=True, shares_title=True),
    PageType(_PLOT, "/garden/plots/{taken_plot}"),
    PageType("/garden/mine", "/garden/mine", "resident"),
    PageType("/garden/mine", "/garden/mine", "newcomer", shares_title=True),
    PageType("/styleguide", "/styleguide"),
    PageType("an error", "/nothing-here"),
    PageType("an error", "/counter", "newcomer"),
)  # fmt: skip
NOT_PAGES = {
    "/language/{language:str}": "a choice, which leads back",
    "/care/{choice:str}": "a choice, which leads back",
    "/healthz": "for machines",
}


@dataclass(frozen=True)
class World:
    """Phones of those who look, and what stands in the addresses' places."""

    phones: dict[str, str]
    places: dict[str, int]


async def build_world() -> World:
    """A committee with money and a counter, a garden in all states, somebody who has done nothing yet."""
    phones = {who: new_phone() for who in ("resident", "newcomer", "treasurer")}
    committee = await make_committee(treasurer_phone=phones["treasurer"])
    idle = await register_organization(COMMITTEE, kind="committee", region_id=committee.region_id)
    garden, plots = await make_garden(committee, plots=6)
    large, _ = await make_garden(committee, plots=171)
    await fetch("update garden set columns = 19, name = '测试大菜园' where id = $1", large)
    await fetch("update garden_plot set in_service = false where id = $1", plots[5])
    resident = await make_resident(committee.region_id, phone=phones["resident"], password=PASSWORD)
    await make_resident(committee.region_id, name="新来的", phone=phones["newcomer"], password=PASSWORD)
    neighbour = await make_resident(committee.region_id, name="邻居")
    paid = await claim_plot(plots[0], agreed=True, actor=resident)
    await confirm_cash(paid, amount_fen=3500, receipt_no="1", actor=committee.treasurer)
    await run_due_jobs()
    await claim_plot(plots[1], agreed=True, actor=neighbour)
    large_plot = await fetch("select id from garden_plot where garden = $1 and number = 1", large)
    owed = await claim_plot(large_plot[0]["id"], agreed=True, actor=resident)
    places = {"committee": committee.id, "idle": idle, "garden": garden, "large_garden": large}
    places |= {"owed": owed, "paid": paid, "free_plot": plots[2], "taken_plot": plots[1]}
    return World(phones, places)
