"""What can be refused of the account where an organization is paid."""

from core.errors import Conflict, Invalid, NotFound


class BankMissing(Invalid):
    """At which bank."""

    message = "请填写开户银行，2 到 60 个字"
    field = "bank"


class HolderDiffers(Invalid):
    """Money goes to an account of the registered name only."""

    message = "户名必须和登记的全称一样：%(name)s"
    field = "holder"


class AccountMalformed(Invalid):
    """A bank account has 8 to 32 digits."""

    message = "账号是 8 到 32 位数字"
    field = "account"


class PayeeNotFound(NotFound):
    """No such account of this organization."""

    message = "没有找到这个收款账户"


class PayeeProposedAlready(Conflict):
    """One change at a time."""

    message = "已经有一个收款账户等待确认，请先处理它"


class OwnProposal(Conflict):
    """A second person confirms."""

    message = "要由另一个人确认，不能是填写账户的人"
