"""What the tool shed can refuse."""

from core.errors import Conflict, NotFound


class ToolNotFound(NotFound):
    """No such tool."""

    message = "没有找到这件工具"


class ToolTaken(Conflict):
    """Somebody has it, or is about to pay for it."""

    message = "%(tool)s 已经有人借了，请等还回来再借"


class ToolNotOut(Conflict):
    """It stands on the shelf."""

    message = "%(tool)s 没有借出，或者已经还了"


class OwnLoan(Conflict):
    """Nobody gives back the own deposit."""

    message = "不能验收自己借的工具，请另一位管理员办理"
