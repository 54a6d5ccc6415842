"""What stands against the end of an account."""

from core.errors import Conflict, Invalid, NotFound, TooMany


class NotSure(Invalid):
    """The end of an account is asked for knowingly."""

    message = "请先勾选，确认您知道注销后不能恢复"
    field = "sure"


class TooManyCopies(TooMany):
    """Each copy may be as large as all that the person has sent, and is kept for a day."""

    message = "今天要的资料副本太多，请用已经做好的，或明天再要"
    retry_after_s = 86_400


class DeletionNotFound(NotFound):
    """Nothing to take back: never asked for, or done."""

    message = "没有等待中的注销申请"


class RolesHeld(Conflict):
    """Somebody else has to take over first."""

    message = "您还担任着角色，请先请管理员收回，再注销"


class OrdersOwed(Conflict):
    """Money is owed or under way."""

    message = "您还有没缴的缴费单，请先缴清或取消，再注销"


class RefundsUnderWay(Conflict):
    """Money is on its way to the person."""

    message = "还有退款没有办完，请等钱退到，再注销"


class RequestsOpen(Conflict):
    """Money was asked for, and is not accounted for."""

    message = "您还有没办完的用款申请，请先办完，再注销"


class ApprovalsOpen(Conflict):
    """A decision waits that the person has asked for, or votes on."""

    message = "还有等表决的审批与您有关，请等它结束，再注销"


class ShiftsAhead(Conflict):
    """Others count on the person."""

    message = "您还报名了志愿服务，请先取消或完成，再注销"


class ChildrenLeft(Conflict):
    """A minor needs a guardian."""

    message = "您是孩子的监护人，请先请社区工作人员换一位监护人，再注销"
