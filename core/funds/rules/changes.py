"""When what is bound to one purpose may be used for another: its donors are asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.funds.errors import AnswersOver, ChangeNotOver, NothingBound, SamePurpose
from core.funds.rules import states
from core.language import mark
from core.manifest import Parameter
from core.workflow import State, Transition, Workflow

ASKING, DONE, DROPPED = "asking", "done", "dropped"
CONSENT, OBJECTION = "consent", "objection"
ANSWERS = {CONSENT: mark("同意"), OBJECTION: mark("不同意")}
ANSWER_DAYS, SILENCE = "core.fund_change_days", "core.fund_silence_consents"
PARAMETERS = (
    Parameter(
        code=ANSWER_DAYS,
        title=mark("改变用途时捐赠人有几天回答"),
        default=60,
        minimum=1,
        maximum=365,
        unit=mark("天"),
    ),
    Parameter(
        code=SILENCE, title=mark("捐赠人到期没有回答：1 算同意，0 算不同意"), default=0, minimum=0, maximum=1
    ),
)
CHANGES = Workflow(
    code="fund_change",
    title=mark("改变用途"),
    table="fund_change",
    states=(
        State(code=ASKING, title=mark("正在问捐赠人")),
        State(code=DONE, title=mark("已改变")),
        State(code=DROPPED, title=mark("不改了")),
    ),
    transitions=(
        Transition(
            code="fund_change.done", title=mark("改变用途"), sources=(ASKING,), target=DONE, by=states.RUN
        ),
        Transition(
            code="fund_change.dropped", title=mark("不改了"), sources=(ASKING,), target=DROPPED, by=states.RUN
        ),
    ),
)
CHANGE = CHANGES.code


@dataclass(frozen=True)
class Asked:
    """What is bound of a gift, and what its donor says; `is_asked` False: given since it was proposed."""

    gift_id: int
    amount_fen: int
    answer: str | None
    is_asked: bool = True

    def moves(self, silence_counts: bool) -> bool:
        """May it be used for the other purpose? Not if the donor objects, or was not asked."""
        return self.is_asked and (self.answer or (CONSENT if silence_counts else OBJECTION)) == CONSENT


def last_day(today: date, days: int) -> date:
    """The last day on which donors answer."""
    return today + timedelta(days=days)


def check_purposes(from_purpose_id: int, to_purpose_id: int) -> None:
    """Raise SamePurpose."""
    if from_purpose_id == to_purpose_id:
        raise SamePurpose


def check_bound(asked: Sequence[Asked]) -> None:
    """Raise NothingBound: there is nobody to be asked."""
    if not asked:
        raise NothingBound


def check_in_time(answers_until: date, today: date) -> None:
    """Raise AnswersOver: on the last day itself it is still in time."""
    if today > answers_until:
        raise AnswersOver


def check_over(asked: Sequence[Asked], answers_until: date, today: date) -> None:
    """Raise ChangeNotOver: some have not answered, and still can."""
    if today <= answers_until and any(one.is_asked and one.answer is None for one in asked):
        raise ChangeNotOver(day=answers_until)
