"""A workflow as data: it holds together, knows what leads where, and says why not."""

from dataclasses import dataclass

import pytest

from core import clock
from core.errors import Conflict
from core.language import LANGUAGE, explain
from core.workflow import SYSTEM, AlreadyThere, Guard, State, Transition, Workflow, WrongState


class DoorShut(Conflict):
    message = "门关着"


@dataclass(frozen=True)
class Cat:
    state: str
    is_door_open: bool = True


def cats(**changes: object) -> Workflow:
    known: dict[str, object] = {
        "code": "cat",
        "title": "猫",
        "table": "cat",
        "states": (State(code="in", title="待缴费"), State(code="out", title="已取消")),
        "transitions": (
            Transition(
                code="cat.out",
                title="柜台收款",
                sources=("in",),
                target="out",
                by=SYSTEM,
                guards=(Guard(title="门开着", holds=lambda cat, _now: cat.is_door_open, refusal=DoorShut),),
            ),
        ),
    }
    return Workflow(**(known | changes))  # type: ignore[arg-type]


def test_what_leads_from_a_state() -> None:
    assert [one.code for one in cats().leading_from("in")] == ["cat.out"]
    assert cats().leading_from("out") == []


def test_a_guard_refuses_before_the_state_does() -> None:
    now = clock.now()
    assert cats().why_not("cat.out", Cat("in"), now) is None
    assert isinstance(cats().why_not("cat.out", Cat("in", is_door_open=False), now), DoorShut)
    assert isinstance(cats().why_not("cat.out", Cat("out", is_door_open=False), now), DoorShut)
    with pytest.raises(DoorShut):
        cats().check("cat.out", Cat("in", is_door_open=False), now)
    cats().check("cat.out", Cat("in"), now)


def test_a_wrong_state_is_said_in_the_readers_language() -> None:
    elsewhere = State(code="up", title="已缴费", begins=True)
    reason = cats(states=(*cats().states, elsewhere)).why_not("cat.out", Cat("up"), clock.now())
    assert type(reason) is WrongState
    assert explain(reason) == "现在是“已缴费”，不能“柜台收款”"
    token = LANGUAGE.set("en")
    try:
        assert explain(reason) == "It is now “Paid”, so “Paid at the counter” is not possible"
    finally:
        LANGUAGE.reset(token)


def test_the_second_click_is_told_that_the_first_has_done_it() -> None:
    reason = cats().why_not("cat.out", Cat("out"), clock.now())
    assert isinstance(reason, AlreadyThere)
    assert explain(reason) == "已经是“已取消”，不用再“柜台收款”"


@pytest.mark.parametrize(
    "states",
    [
        (State(code="in", title="")),
        (State(code="in", title=""), State(code="out", title=""), State(code="out", title="")),
        (State(code="in", title=""), State(code="out", title=""), State(code="up", title="")),
    ],
)
def test_states_are_there_once_and_can_be_reached(states: object) -> None:
    with pytest.raises(ValueError, match="cat"):
        cats(states=states if isinstance(states, tuple) else (states,))


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no transition 'cat\.up'"):
        cats().transition("cat.up")
    with pytest.raises(ValueError, match="no state 'up'"):
        cats().state("up")
