"""How an account ends, as data; which lists of persons are seen. Pure."""

from core.language import mark
from core.manifest import Parameter
from core.privacy.errors import NotSure, TooManyCopies
from core.workflow import CONCERNED, SYSTEM, State, Transition, Workflow

GRACE = Parameter(
    code="core.privacy.grace_days",
    title=mark("申请注销账号后多少天内可以撤回"),
    unit=mark("天"),
    scopes=("platform",),
    default=7,
    minimum=0,
    maximum=90,
)
PARAMETERS = (GRACE,)
COPIES_MOST = 5  # a day
# Lists of persons that people on duty see: which, and what for. The person reads it.
SEEN_FOUND = mark("查找居民的结果：办理居民服务")
SEEN_COUNTER = mark("柜台的缴费单：核对付款人")
SEEN_ATTENDEES = mark("志愿服务名单：核对到场和时长")
SEEN_SERVICE = mark("志愿服务记录：核对时长和证人")
SEEN_STAR = mark("志愿者星级：公示和年度复核")
SEEN_CERTIFICATES = mark("出具的志愿服务证明：核对和作废")
DELETIONS = Workflow(
    code="person_deletion",
    title=mark("注销账号"),
    table="person_deletion",
    states=(
        State(code="waiting", title=mark("等待中，可以撤回")),
        State(code="withdrawn", title=mark("已撤回或没有办成")),
        State(code="done", title=mark("已注销")),
    ),
    transitions=(
        Transition(
            code="person_deletion.withdrawn",
            title=mark("撤回注销申请"),
            sources=("waiting",),
            target="withdrawn",
            by=CONCERNED,
        ),
        Transition(
            code="person_deletion.hindered",
            title=mark("还有没办完的事，没有注销"),
            sources=("waiting",),
            target="withdrawn",
            by=SYSTEM,
        ),
        Transition(
            code="person_deletion.done",
            title=mark("注销账号"),
            sources=("waiting",),
            target="done",
            by=SYSTEM,
        ),
    ),
)


def check_copies(count: int) -> None:
    """Raise TooManyCopies for one more than a day may have."""
    if count >= COPIES_MOST:
        raise TooManyCopies


def check_sure(is_sure: bool) -> None:
    """Raise NotSure."""
    if not is_sure:
        raise NotSure
