"""What the ledger refuses. The database refuses the same for everybody who writes past this module."""

from core.errors import Conflict, Invalid, NotFound


class BalanceTooLow(Conflict):
    """An account would fall below its floor."""

    message = "余额不足，这笔账没有记"


class LotsTooLow(Conflict):
    """The balance would do, but not what of it may be used for this: restricted, expired or gone."""

    message = "可用于这个用途的余额不足，这笔账没有记"


class TransferAlreadyPosted(Conflict):
    """The key was used for exactly this transfer before: it happened once, and stays so."""

    message = "这笔账已经记过了"

    def __init__(self, *, transfer_id: int) -> None:
        self.transfer_id = transfer_id
        super().__init__()


class TransferKeyReused(Conflict):
    """The key was used before, for a transfer with other content."""

    message = "这个凭单号已用于另一笔账"


class TransferReversed(Conflict):
    """It was reversed before, or is itself a reversal."""

    message = "这笔账已经冲正过，不能再冲正"


class TransferNotFound(NotFound):
    """There is no such transfer."""

    message = "没有找到这笔账"


class TransferRefused(Invalid):
    """Not balanced, an undeclared reason, or an account of another unit: our mistake, not a user's."""

    message = "这笔账不符合记账规则：%(rule)s"
