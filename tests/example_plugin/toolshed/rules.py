"""The tool shed's decisions. Pure. Its figures are samples: the platform sets its own."""

from core.language import mark
from core.manifest import Parameter
from toolshed.errors import TooFewPoints, ToolTaken

WELCOME, PRICE, DAYS = "toolshed.welcome_points", "toolshed.loan_points", "toolshed.loan_days"
HERE = ("platform",)
PARAMETERS = (
    Parameter(code=WELCOME, title=mark("送新邻居几点"), default=20, minimum=1, maximum=10**4, scopes=HERE),
    Parameter(code=PRICE, title=mark("借一次几点"), default=5, minimum=1, maximum=10**4, scopes=HERE),
    Parameter(code=DAYS, title=mark("一次借几天"), default=7, minimum=1, maximum=90, scopes=HERE),
)


def check_borrow(tool: str, *, is_out: bool, points: int, price: int) -> None:
    """Raise ToolTaken or TooFewPoints."""
    if is_out:
        raise ToolTaken(tool=tool)
    if points < price:
        raise TooFewPoints(price=price, points=points)
