"""What a search can be refused for."""

from core.errors import Invalid, YijiError


class DayOutOfRange(Invalid):
    """No event can have happened then; most likely a typing error in the year."""

    message = "日期应在 2000 年到 2199 年之间"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def reasons(self) -> dict[str, YijiError]:
        """Beside the day that is meant."""
        return {self._name: self}


class DaysReversed(Invalid):
    """The last day lies before the first."""

    message = "结束日期不能早于开始日期"
    field = "last_day"
