"""What stars can be refused for."""

from core.errors import Conflict, Forbidden, Invalid, NotFound


class StarNotFound(NotFound):
    """No such star, or not for this person to see."""

    message = "没有找到这次授星"


class NoHome(Conflict):
    """Stars are awarded where one lives, by the rules of that place."""

    message = "授星由住地的社区办理，请先加入家庭户"


class StarNotReached(Conflict):
    """The confirmed hours are those of the star that is held, or of none."""

    message = "已确认的服务时长还不到下一颗星"


class StarWithdrawnLately(Conflict):
    """Whoever lost a star waits before asking for one again."""

    message = "星级在复核后取消了，%(day)s 起可以再申请"


class PublicityNotAgreed(Invalid):
    """Publishing needs a consent of its own (PIPL 25)."""

    message = "授星前要公示，请先同意公示姓和志愿者编号后四位"
    field = "agreed"


class OwnStar(Forbidden):
    """Nobody decides about the own star, that of a child or of who lives in the same household."""

    message = "不能决定自己或家人的星级，请另一位工作人员办理"


class SameDecider(Forbidden):
    """An appeal is answered by another person than who decided."""

    message = "申诉要由另一位工作人员答复"


class TooLateToAppeal(Conflict):
    """An appeal has its time."""

    message = "复核决定后 %(days)s 天内可以申诉，已经过期"
