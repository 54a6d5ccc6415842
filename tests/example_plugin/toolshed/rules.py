"""The tool shed's decisions. Pure. Its figures are samples: each organization sets its own."""

from datetime import date, timedelta

from core.language import mark
from core.manifest import Parameter
from toolshed.errors import OwnLoan, ToolNotOut

DEPOSIT, DAYS, HOLD = "toolshed.deposit_fen", "toolshed.loan_days", "toolshed.hold_h"
PARAMETERS = (
    Parameter(code=DEPOSIT, title=mark("借一件工具的押金 (分)"), default=5000, minimum=100, maximum=10**6),
    Parameter(code=DAYS, title=mark("一次借几天"), default=7, minimum=1, maximum=90),
    Parameter(code=HOLD, title=mark("等缴押金的小时数"), default=24, minimum=1, maximum=240),
)
KEEPER, LEND = "toolshed.keeper", "toolshed.lend"
FREE, RESERVED, OUT, RETURNED, RELEASED = "free", "reserved", "out", "returned", "released"


def last_day(today: date, days: int) -> date:
    """The day on which a loan of `days` days from today must be back."""
    return today + timedelta(days=days)


def check_return(state: str, tool: str, borrower_id: int | None, keeper_id: int) -> None:
    """Raise ToolNotOut or OwnLoan: somebody else looks at the tool before the deposit goes back."""
    if state != OUT:
        raise ToolNotOut(tool=tool)
    if borrower_id == keeper_id:
        raise OwnLoan
