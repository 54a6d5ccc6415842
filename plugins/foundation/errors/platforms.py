"""What lists of gifts from platforms can refuse."""

from core.errors import Conflict, Invalid, NotFound


class PlatformListNotFound(NotFound):
    """No such list, or another foundation's."""

    message = "没有找到这份平台捐赠清单"


class NotOnPlatform(Conflict):
    """The campaign raises its money elsewhere, or nothing of it is published yet."""

    message = "只有在指定平台公开募捐、已经发布的活动才能导入平台的捐赠清单"


class ListColumnsMissing(Invalid):
    """A column that every row needs is not there."""

    message = "没有找到这些列：%(columns)s。请核对第一行的列名，或者说明它们是哪一列"
    field = "file"


class ColumnUnknown(Invalid):
    """Chosen by hand, and not in the list."""

    message = "清单里没有“%(title)s”这一列"
    field = "file"


class ColumnTwice(Invalid):
    """One column cannot be two things."""

    message = "同一列选了两次，请核对"
    field = "file"


class ListEmpty(Invalid):
    """A header and nothing below."""

    message = "清单里没有捐赠"
    field = "file"


class ListTooLong(Invalid):
    """More rows than are booked at once."""

    message = "一份清单最多 %(most)s 行，请分成几份"
    field = "file"


class TargetUnknown(Invalid):
    """No fund of the campaign, or no purpose of the fund."""

    message = "请选择这个活动的微基金和用途"
    field = "target"


class OrderNoMissing(Invalid):
    """Nothing tells this gift from another one."""

    message = "没有订单号"


class OrderNoMalformed(Invalid):
    """Rounded by a spreadsheet, or no number at all."""

    message = "订单号要完整：最多 64 个字，不能是 1.2E+20 这样的缩写"


class OrderTwice(Invalid):
    """The same order stands above."""

    message = "订单号与第 %(line)s 行相同"


class OrderBooked(Invalid):
    """Another list has brought it."""

    message = "这个订单已经入账"


class GiftSumWrong(Invalid):
    """Nothing, less than nothing, or more than one gift can be."""

    message = "金额要大于零，最多 %(most)s 元"


class FeeWrong(Invalid):
    """Below nothing, or above what was given."""

    message = "手续费不能小于零，也不能大于捐赠金额"


class BeforeCampaign(Invalid):
    """Given before the campaign began, or after its end."""

    message = "捐赠日期不在活动的起止时间内"


class RowsBad(Conflict):
    """Nothing is booked by halves."""

    message = "清单里还有 %(n)s 行有问题，改好以后重新上传，整份一起入账"


class PayoutDiffers(Invalid):
    """What came is not what the list says."""

    message = "清单应到账 %(expected)s 元（捐赠 %(gross)s 元，减手续费 %(fee)s 元），与填写的金额不符"
    field = "payout"


class PayoutUsed(Conflict):
    """The bank's number stands at another list."""

    message = "这个银行回单号已经登记在另一份清单上"
    field = "payout_no"


class PayoutDayWrong(Invalid):
    """In the future."""

    message = "到账日期不能晚于今天"
    field = "paid_out_on"


class PayoutSlipMissing(Invalid):
    """No evidence that the money came."""

    message = "请附上银行回单或平台的结算单"
    field = "file"


class OwnPayout(Conflict):
    """Who recorded a large payout does not confirm it."""

    message = "到账由您登记，要由另一位确认"


class UndoReasonMissing(Invalid):
    """Both postings stand, and somebody will ask why."""

    message = "请写明撤销的理由"
    field = "reason"


class OwnList(Conflict):
    """Who booked it does not undo it."""

    message = "到账由您登记，要由另一位撤销"


class GiftsUsed(Conflict):
    """Money that is set aside, spent or gone back cannot be taken out again."""

    message = "这份清单里的捐赠有一部分已经使用、留存或退还，不能整份撤销"
