"""What notifications can refuse."""

from core.errors import Conflict, Invalid, NotFound


class NoticeNotFound(NotFound):
    """No such notice in the person's inbox."""

    message = "没有找到这条通知"


class AddressMalformed(Invalid):
    """Not an e-mail address that mail can be sent to."""

    message = "邮箱地址写得不对，例如 name@example.org"
    field = "email"


class TooManyConfirmations(Conflict):
    """Nobody may use us to fill a stranger's mailbox."""

    message = "今天已经发送 %(most)s 封确认邮件，请明天再试"


class LinkInvalid(Conflict):
    """The link of a confirmation is too old, or was made for another address."""

    message = "这个链接已经失效，请在通知设置里重新发送确认邮件"


class CategoryUnknown(Invalid):
    """No plugin of this name tells people anything."""

    message = "没有这一类通知"
    field = "choices"


class QuietHoursMalformed(Invalid):
    """Quiet hours need a beginning and an end."""

    message = "请写开始和结束的时间，例如 21:00 和 08:00"
    field = "quiet_until"
