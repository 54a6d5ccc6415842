"""What volunteering can refuse."""

from core.errors import Conflict, Forbidden, Invalid, NotFound


class OpportunityNotFound(NotFound):
    """No such opportunity, or not for this person to see yet."""

    message = "没有找到这个志愿服务岗位"


class ShiftNotFound(NotFound):
    """No such shift, or not for this person to see."""

    message = "没有找到这个班次"


class SignUpNotFound(NotFound):
    """No such sign-up of this person, or none at the shift."""

    message = "没有找到这份报名"


class ServiceNotFound(NotFound):
    """No such record, or not for this person to see."""

    message = "没有找到这条服务记录"


class CertificateNotFound(NotFound):
    """No such certificate, or the key of its link is not the one that was printed."""

    message = "查不到这份证明：编号不对，或者不是本平台出具的"


class OpportunityNotOpen(Conflict):
    """It is being prepared, or is over."""

    message = "这个岗位现在不接受报名"


class OpportunityPublished(Conflict):
    """Who has signed up relies on what was said."""

    message = "已经发布的岗位不能再改，请结束它并另建一个"


class NoShifts(Conflict):
    """Nobody could sign up for what has no shift to come."""

    message = "请先添加一个还没开始的班次，再发布"


class InsuranceMissing(Invalid):
    """Dangerous work needs an insurance before anybody is asked to come."""

    message = "有风险的岗位要先为志愿者买好保险，请填写保险公司和保单号"
    field = "insurance"


class ShiftInThePast(Invalid):
    """What is planned lies ahead."""

    message = "开始时间要在现在之后"
    field = "begins_at"


class ShiftTooFar(Invalid):
    """Nobody knows today what a year from now will be."""

    message = "最多提前 %(days)s 天安排班次"
    field = "begins_at"


class ShiftLengthWrong(Invalid):
    """A shift ends after it begins, and one day has no more than so many hours of service."""

    message = "结束时间要晚于开始时间，一个班次最长 %(hours)s 小时"
    field = "ends_at"


class ShiftBegun(Conflict):
    """Too late: it has begun, or is over."""

    message = "这个班次已经开始，不能再报名或取消"


class ShiftCancelled(Conflict):
    """The organization has called it off."""

    message = "这个班次已经取消"


class BusyThen(Conflict):
    """Nobody is at two places at once."""

    message = "您在这段时间已经报了另一个班次：%(title)s"


class AgreementNotAccepted(Invalid):
    """The agreement tells what is asked and what is promised; it comes before the place."""

    message = "请先阅读并勾选同意志愿服务协议"
    field = "agreed"


class RequirementsNotMet(Invalid):
    """Age and skills are declared by the volunteer."""

    message = "请确认您符合这个岗位的条件"
    field = "meets"


class SignUpIsSettled(Conflict):
    """Who has come, stayed away or cancelled does not cancel."""

    message = "这份报名已经结束，不能再取消"


class NoPlace(Conflict):
    """On the waiting list, cancelled, or absent."""

    message = "您在这个班次没有名额，请找现场负责人"


class CodeWrong(Invalid):
    """Not the code of this shift, or one from two minutes ago."""

    message = "签到码不对或已经换了，请看现场最新的 6 位数字"
    field = "code"


class TooManyCodes(Conflict):
    """Whoever guesses does not go on guessing."""

    message = "输错太多次，请让现场负责人在名单上为您登记"


class TooEarlyToCheckIn(Conflict):
    """The door opens shortly before."""

    message = "开始前 %(minutes)s 分钟才能签到"


class TooLateToCheckIn(Conflict):
    """Who comes after the end has not served."""

    message = "班次已经结束，不能再签到，请找负责人补记"


class TooLateToCheckOut(Conflict):
    """A forgotten check-out is mended by the leader."""

    message = "签退时间已过，请负责人为您补记时长"


class CheckedOutAlready(Conflict):
    """Nothing more to do at the door."""

    message = "您已经签退了"


class NotYet(Conflict):
    """Nobody is absent before it has begun."""

    message = "班次还没有开始"


class NotOver(Conflict):
    """Nothing is recorded before it was done."""

    message = "班次还没有结束，签退的人才能提前记录"


class MinutesOutOfRange(Invalid):
    """Whole minutes, at least one, never more than the shift has."""

    message = "时长是 1 到 %(most)s 之间的整数分钟"
    field = "minutes"


class ReasonMissing(Invalid):
    """What differs from what the clock says needs a reason."""

    message = "请写明原因，最多 200 个字"
    field = "reason"


class TooLateToRecord(Conflict):
    """Memory fades: after that nothing is recorded any more."""

    message = "班次结束已超过 %(days)s 天，不能再记录"


class RecordedAlready(Conflict):
    """One service, one record: change that one."""

    message = "这次服务已经记录，请在记录里更正"


class OwnService(Forbidden):
    """Nobody records, or takes back, their own service or that of their child."""

    message = "不能给自己或自己的孩子记录服务，请另一位负责人办理"


class DailyMinutesReached(Conflict):
    """A day of service has its limit, over all organizations."""

    message = "一天最多确认 %(most)s 分钟，那天已经确认 %(so_far)s 分钟"


class ServiceOverlaps(Conflict):
    """Confirmed times of one person never overlap, whichever organization confirms them."""

    message = "这段时间与另一条已确认的服务重叠，不能重复计算，请提出异议并写明"


class NothingToCertify(Conflict):
    """A certificate is the sum of what was confirmed."""

    message = "您在这个组织还没有已确认的服务"


class CertificateRevoked(Conflict):
    """It is void already."""

    message = "这份证明已经作废"


class TrainingUnknown(Invalid):
    """Not a training of the same organization."""

    message = "请选择本组织的一个培训"
    field = "training_id"


class TrainingMissing(Conflict):
    """Some work is only for who has learned it."""

    message = "报这个岗位要先参加培训：%(title)s"


class TrainingGivesNoMinutes(Conflict):
    """Who learns does not serve yet; being there is what counts."""

    message = "培训不计服务时长，签到就算参加过"


class SignUpPaused(Conflict):
    """Who stays away again and again lets others come first for a while."""

    message = (
        "您在这个组织 %(days)s 天内缺席了 %(count)s 次，%(until)s 以后才能再报名；可以在“我的服务”里申诉"
    )


class NotAbsent(Conflict):
    """Only against an absence is there a plea, and only once."""

    message = "这次报名没有记缺席，或者申诉已经有了答复"


class TooLateToPlead(Conflict):
    """Memory fades."""

    message = "班次结束已超过 %(days)s 天，不能再申诉"


class NothingToAnswer(Conflict):
    """Nobody has pleaded, or somebody has answered."""

    message = "没有等待答复的申诉"


class SignedUpAlready(Conflict):
    """Who has a place is recorded on the list, and needs no witnesses."""

    message = "这个人报了这个班次，请在名单里直接记录"


class TwoWitnessesNeeded(Invalid):
    """Two others who have checked in at the same shift; not the volunteer, not whoever asks them."""

    message = "请选择两位不同的证人：在这个班次签到过，不是志愿者本人，也不是您自己"
    field = "second_id"


class TooLateToBackfill(Conflict):
    """After that nobody is asked to remember any more."""

    message = "班次结束已超过 %(days)s 天，不能再补录"


class TooLateToTestify(Conflict):
    """The question is closed."""

    message = "作证的期限 (%(days)s 天) 已经过了"


class TestifiedAlready(Conflict):
    """A witness says it once."""

    message = "您已经答复过了"


class WitnessesNeeded(Conflict):
    """What two witnesses have confirmed is not replaced by one leader's word."""

    message = "没有名额的人要凭证人补录，不能直接记录或改时长；填 0 可以撤销"


class NotYetThen(Invalid):
    """Nobody has seen a code that is still to come."""

    message = "看到签到码的时间不能在将来"
    field = "seen_at"


class TooLateToUpload(Conflict):
    """A code is sent when there is a network again, not days later."""

    message = "班次结束已超过 %(hours)s 小时，不能再补传签到码，请找负责人补记"


class PositionMalformed(Invalid):
    """Not what a map calls a position."""

    message = "位置写成“纬度, 经度”，比如 30.657420, 104.065840"
    field = "position"


class NoPositionAsked(Conflict):
    """The leader has not said where the meeting point is."""

    message = "这个岗位没有开通位置签到，请用签到码"


class PositionMissing(Invalid):
    """The phone has not told, or its owner does not want it to."""

    message = "手机没有给出位置。请填现场的 6 位数字，或请负责人在名单上登记"
    field = "here"


class TooFarAway(Conflict):
    """Who is there can check in; how far away somebody is, is not kept."""

    message = "您不在集合地点 %(most)s 米以内。到了还这样，请填现场的 6 位数字，或请负责人登记"


class TooYoung(Conflict):
    """By the birthday on record."""

    message = "按登记的出生日期，到那天还没有满 %(least)s 周岁"


class NotForMinors(Conflict):
    """未成年人保护法: nothing dangerous, nothing at night."""

    message = "未满 18 周岁不能参加有风险的或者 22 点到 6 点之间的服务"


class NotesMissing(Invalid):
    """Nothing was noted."""

    message = "还没有记下谁到了、谁走了"
    field = "notes"


class TooManyNotes(Invalid):
    """Send them in parts."""

    message = "一次最多 %(most)s 行，请分几次上传"
    field = "notes"


class NoteMalformed(Invalid):
    """A line that cannot be understood."""

    message = "第 %(line)s 行看不懂，请写成“编号 到 09:01”或“编号 走 11:30”"
    field = "notes"
