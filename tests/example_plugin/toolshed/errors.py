"""What the tool shed can refuse."""

from core.errors import Conflict, NotFound


class ToolNotFound(NotFound):
    """There is no such tool, or somebody else would have to take it back."""

    message = "没有找到这件工具，或者它不是您的"


class ToolTaken(Conflict):
    """Somebody has it."""

    message = "%(tool)s 已经有人借了，请等还回来再借"


class TooFewPoints(Conflict):
    """A loan costs more than the borrower has."""

    message = "借一次要 %(price)s 点，您有 %(points)s 点；别人借您的工具，您就有点数"
