"""Every workflow as a picture, as a list and as JSON."""

import re
from itertools import pairwise

import httpx
import pytest

from core.payments.rules import ORDERS
from core.workflow import SYSTEM, State, Transition, Workflow
from web.workflows.pictures import BOX_HEIGHT, WIDTH, draw_flow


def make_flow(*arrows: tuple[str, str]) -> Workflow:
    states = dict.fromkeys(state for arrow in arrows for state in arrow)
    return Workflow(
        code="test",
        title="test",
        table="test",
        states=tuple(State(code=code, title=code) for code in states),
        transitions=tuple(
            Transition(code=f"{a}{b}", title=f"{a}{b}", sources=(a,), target=b, by=SYSTEM) for a, b in arrows
        ),
    )


def test_every_transition_has_a_row_of_its_own() -> None:
    picture = draw_flow(make_flow(("a", "b"), ("a", "c"), ("b", "d"), ("b", "e")))
    assert [(box.state.code, box.look) for box in picture.boxes] == [
        ("a", "first"),
        ("b", "middle"),
        ("d", "final"),
        ("e", "final"),
        ("c", "final"),
    ]
    tops = [box.y for box in picture.boxes]
    assert all(later - earlier > BOX_HEIGHT for earlier, later in pairwise(tops))
    assert picture.height == tops[-1] + BOX_HEIGHT
    assert [arrow.transition.code for arrow in picture.arrows] == ["ab", "bd", "be", "ac"]


def test_a_way_back_leads_to_the_state_drawn_before() -> None:
    picture = draw_flow(make_flow(("a", "b"), ("b", "a"), ("b", "b")))
    assert [(box.state.code, box.look) for box in picture.boxes] == [
        ("a", "first"),
        ("b", "middle"),
        ("a", "again"),
        ("b", "again"),
    ]


def test_a_deep_tree_is_wider_than_a_phone_and_still_whole() -> None:
    chain = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "g")]
    picture = draw_flow(make_flow(*chain))
    assert picture.width > WIDTH
    assert all(box.x + 190 <= picture.width for box in picture.boxes)
    assert draw_flow(ORDERS).width == WIDTH


async def test_the_page_names_every_workflow_and_leads_to_it(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/workflows")).text
    codes = [flow["code"] for flow in (await client.get("/api/v1/workflows")).json()]
    assert re.findall(r'href="/workflows/([\w.-]+)"', listed) == codes
    assert len(codes) > 10
    assert "审批" in listed


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("order", ["柜台收款", "由谁办：出纳", "由谁办：系统自动", "条件：还没有缴过费"]),
        ("garden.lease", ["过时未缴"]),
        ("approval", ["撤回审批"]),
    ],
)
async def test_a_page_draws_and_says_every_transition(
    client: httpx.AsyncClient, code: str, words: list[str]
) -> None:
    page = await client.get(f"/workflows/{code}")
    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []
    assert page.text.count('<svg class="flow"') == 1
    [described] = re.findall(r'aria-describedby="([\w.-]+)"', page.text)
    assert f'<ul id="{described}">' in page.text


async def test_a_workflow_in_english_and_one_that_is_not_there(client: httpx.AsyncClient) -> None:
    english = await client.get("/workflows/order", headers={"accept-language": "en"})
    assert "By: Treasurer" in english.text
    unknown = await client.get("/workflows/nothing")
    assert unknown.status_code == 404
    assert "没有这样的流程" in unknown.text


async def test_programs_read_the_same(client: httpx.AsyncClient) -> None:
    flows = {flow["code"]: flow for flow in (await client.get("/api/v1/workflows")).json()}
    lease = flows["garden.lease"]
    assert [(state["code"], state["is_final"]) for state in lease["states"]] == [
        ("reserved", False),
        ("active", False),
        ("cancelled", True),
        ("expired", True),
        ("ended", True),
    ]
    (cancelled,) = [move for move in lease["transitions"] if move["code"] == "garden.lease_cancelled"]
    assert cancelled == {
        "code": "garden.lease_cancelled",
        "title": "放弃认领",
        "sources": ["reserved"],
        "target": "cancelled",
        "by": "concerned",
        "conditions": [],
    }
    paid = flows["order"]["transitions"][0]
    assert (paid["by"], paid["conditions"][0]) == ("core.payments.confirm", "还没有缴过费")
