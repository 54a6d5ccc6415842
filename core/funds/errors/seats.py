"""What a committee's seats can be refused for."""

from core.errors import Conflict, Invalid, NotFound


class SeatNotFound(NotFound):
    """Nobody holds that seat on this fund's committee, or no longer."""

    message = "这位不在管委会里"


class SeatReasonMissing(Invalid):
    """The next committee will ask why somebody left."""

    message = "请写明成员为什么退出"
    field = "seat_reason"


class VoteUnderWay(Conflict):
    """Whoever runs the fund could pick the voters while they vote."""

    message = "管委会正在表决，等表决结束再请成员退出"
