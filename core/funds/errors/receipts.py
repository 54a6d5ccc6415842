"""What receipts, fiscal receipts and names can refuse."""

from core.errors import Conflict, Invalid, NotFound


class ReceiptNotFound(NotFound):
    """Nobody has asked for one yet."""

    message = "还没有开具捐赠回执"


class ReceiptNotYet(Conflict):
    """The money has not come."""

    message = "钱入账以后才能开具捐赠回执"


class NothingToAcknowledge(Conflict):
    """All of it has gone back."""

    message = "这笔捐赠已经全部退还，没有可以开具的回执"


class FiscalTitleMissing(Invalid):
    """Made out to nobody."""

    message = "请写票据开给谁"
    field = "fiscal_title"


class TaxNumberWrong(Invalid):
    """No such number."""

    message = "税号是 15 到 20 位数字和大写字母；个人可以不填"
    field = "tax_no"


class FiscalRecorded(Conflict):
    """It was issued; what is wrong about it, the foundation corrects."""

    message = "财政票据已经开了；开错了请联系基金会更正"


class FiscalNumberWrong(Invalid):
    """Not as the finance department's system numbers them."""

    message = "只写数字和字母，最多 20 位"
    field = "number"


class FiscalCodeWrong(FiscalNumberWrong):
    """The code of the kind of paper."""

    field = "code"


class CheckCodeWrong(FiscalNumberWrong):
    """What the paper is looked up with."""

    field = "check_code"


class FiscalDayInFuture(Invalid):
    """It cannot have been issued."""

    message = "开票日期不能晚于今天"
    field = "issued_on"


class FiscalUsed(Conflict):
    """Another gift to this foundation has it."""

    message = "这张票据已经登记在另一笔捐赠上"


class FiscalColumnsMissing(Invalid):
    """The header does not name what is needed."""

    message = "第一行要有这些列：%(columns)s"
    field = "list"


class FiscalListTooLong(Invalid):
    """More than is judged at once."""

    message = "一次最多 %(most)s 行，请分几次"
    field = "list"


class NameReasonMissing(Invalid):
    """The donor may ask why."""

    message = "请写明理由"
    field = "name_reason"


class NameRefusedAlready(Conflict):
    """The name is not published as it is."""

    message = "这笔捐赠的署名已经不公开"


class NameShownAlready(Conflict):
    """Nothing was refused."""

    message = "这笔捐赠的署名没有被拒绝"


class NothingNamed(Conflict):
    """An anonymous gift shows no name."""

    message = "匿名的捐赠没有公开的署名"
