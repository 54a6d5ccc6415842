"""What a foundation's year can refuse."""

from core.errors import Conflict, Invalid, NotFound


class YearUnknown(NotFound):
    """A year to come, or before there was anything."""

    message = "没有这一年的收支"


class EntryNotFound(NotFound):
    """No such entry, or not of a foundation whose books this person keeps."""

    message = "没有找到这笔登记"


class AmountOutOfRange(Invalid):
    """Nothing, or more than anybody has."""

    message = "金额要在 0 到 1000 亿元之间，收支要大于 0"
    field = "amount"


class EntryDayElsewhere(Invalid):
    """An entry belongs to the year in which it happened, and that has come."""

    message = "日期要在 %(year)s 年内，也不能晚于今天"
    field = "occurred_on"


class VoucherUsed(Conflict):
    """The same voucher is on record."""

    message = "凭证号 %(voucher_no)s 已经登记过"


class OwnEntry(Conflict):
    """Two pairs of eyes."""

    message = "要由另一位来确认"


class EntryReasonMissing(Invalid):
    """Whoever reverses says why."""

    message = "请写明理由"
    field = "reason"


class YearIsClosed(Conflict):
    """What was closed stays as it was said."""

    message = "%(year)s 年已经结账，更正请记在今年并写明"


class YearNotOver(Conflict):
    """Figures of a year that goes on would change."""

    message = "%(day)s 起才能结账"


class OpeningMissing(Conflict):
    """Without the figures of its beginning nothing can be measured."""

    message = "还没有复核过的年初数，不能结账"


class EntryWaits(Conflict):
    """Everything of the year must be decided first."""

    message = "还有 %(n)s 笔收支等第二人确认，不能结账"
