"""What approvals can refuse."""

from core.errors import Conflict, Invalid, NotFound


class ApprovalNotFound(NotFound):
    """No such approval, or one in which this person takes no part."""

    message = "没有找到这项审批"


class ApprovalOpenAlready(Conflict):
    """The same thing waits for the same decision."""

    message = "这件事已经在审批中"


class TooFewVoters(Conflict):
    """Not even all of them together could decide."""

    message = "能审批的人不够：要 %(needed)s 位，除发起人外只有 %(there)s 位"


class ApprovalClosed(Conflict):
    """It is decided or withdrawn, or its time is over."""

    message = "这项审批已经结束"


class OwnApproval(Conflict):
    """Who puts something forward does not decide it."""

    message = "自己发起的事要由别人审批"


class NotTheMaker(Conflict):
    """Only who put it forward may take it back."""

    message = "只有发起人可以撤回这项审批"


class VoterRecused(Conflict):
    """The person has an interest in it, or says so."""

    message = "您需要回避这件事，不能表决"
    leaves_a_mark = True


class VotedAlready(Conflict):
    """A vote stands; it must be taken back before another is given."""

    message = "您已经表过态，要改请先撤回"


class Undecidable(Conflict):
    """After recusals too few are left."""

    message = "回避的人太多，剩下的人数不够作决定"


class ReasonMissing(Invalid):
    """Against or undecided, without a word why."""

    message = "请写明理由"
    field = "reason"
