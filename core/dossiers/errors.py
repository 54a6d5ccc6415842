"""What can be refused."""

from core.errors import Conflict, Invalid, NotFound, TooMany


class NothingOnRecord(NotFound):
    """No such thing, or of a kind about which nobody has records."""

    message = "没有 %(subject)s 的记录"


class PackNotYet(Conflict):
    """The money has not come, or the record was dropped."""

    message = "捐赠入账以后才能查阅和复制它的资料"


class PackReasonMissing(Invalid):
    """Somebody on duty makes it for the donor, who will read why."""

    message = "请写明捐赠人是什么时候、怎样提出的，捐赠人看得到"
    field = "pack_reason"


class PackNotFound(NotFound):
    """Nobody has asked for one with this code, or its time is over."""

    message = "现在没有做好的资料副本，请在捐赠去向页上重新申请"


class TooManyPacks(TooMany):
    """Each takes a while to make."""

    message = "要的资料副本太多了，请 %(minutes)s 分钟后再试"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=-(-retry_after_s // 60))
        self.retry_after_s = retry_after_s
