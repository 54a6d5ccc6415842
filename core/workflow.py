"""A workflow as data: the states of a thing, what leads from one to the next, who may do it, and why not.

Pure. A row is taken along by `core.audit.services.advance`, which writes the transition's audit event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import Conflict, Message, YijiError

SYSTEM, CONCERNED = "system", "concerned"


class WrongState(Conflict):
    """The transition does not lead from the state in which the thing is."""

    message = "现在是“%(state)s”，不能“%(transition)s”"


class AlreadyThere(WrongState):
    """It has been made before: by the first of two clicks, or by somebody else."""

    message = "已经是“%(state)s”，不用再“%(transition)s”"


@dataclass(frozen=True, kw_only=True)
class State:
    """A state; `code` is what the column `state` holds. `begins`: rows may begin in it, beside the first."""

    code: str
    title: str
    begins: bool = False


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A condition, in words and as a question; `refusal` is the answer where it does not hold."""

    title: str
    holds: Callable[[Any, datetime], bool]
    refusal: type[YijiError]


@dataclass(frozen=True, kw_only=True)
class Transition:
    """From any of `sources` to `target`. `code` is also the action of its audit event.

    `by` is a permission, SYSTEM, or CONCERNED: the person or household whose thing it is.
    """

    code: str
    title: str
    sources: tuple[str, ...]
    target: str
    by: str
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """`code` is the kind of its subjects' Refs. They are rows of `table` and begin in the first state,
    or in one that says so."""

    code: str
    title: str
    table: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for a state that is not there, is there twice, or cannot be reached."""
        for transition in self.transitions:
            for code in (*transition.sources, transition.target):
                self.state(code)
        reached = [self.states[0].code, *(state.code for state in self.states[1:] if state.begins)]
        for code in reached:
            reached += {t.target for t in self.leading_from(code)} - set(reached)
        if sorted(reached) != sorted(state.code for state in self.states):
            raise ValueError(f"{self.code}: a state is there twice, or nothing leads to it")

    def state(self, code: str) -> State:
        """The state; raises ValueError."""
        for state in self.states:
            if state.code == code:
                return state
        raise ValueError(f"{self.code} has no state {code!r}")

    def transition(self, code: str) -> Transition:
        """The transition; raises ValueError."""
        for transition in self.transitions:
            if transition.code == code:
                return transition
        raise ValueError(f"{self.code} has no transition {code!r}")

    def leading_from(self, state: str) -> list[Transition]:
        """What can become of a thing in this state; nothing: the state is final."""
        return [transition for transition in self.transitions if state in transition.sources]

    def why_not(self, code: str, subject: Any, now: datetime) -> YijiError | None:
        """The reason against the transition of `subject`, which has a `state`; None: it may be made."""
        transition = self.transition(code)
        for guard in transition.guards:
            if not guard.holds(subject, now):
                return guard.refusal()
        if subject.state in transition.sources:
            return None
        refusal = AlreadyThere if subject.state == transition.target else WrongState
        return refusal(state=Message(self.state(subject.state).title), transition=Message(transition.title))

    def check(self, code: str, subject: Any, now: datetime) -> None:
        """Raise the reason against the transition, if there is one."""
        if reason := self.why_not(code, subject, now):
            raise reason
