"""What a call for projects can refuse."""

from core.errors import Conflict, Invalid, NotFound


class CallNotFound(NotFound):
    """No such call, or not for this person to see yet."""

    message = "没有找到这个公益创投"


class ApplicationNotFound(NotFound):
    """No such application, or not for this person to see."""

    message = "没有找到这份申报"


class ContractNotFound(NotFound):
    """No such contract, or not for this person."""

    message = "没有找到这份合同"


class ReportNotFound(NotFound):
    """No such report of a contract that this person may see."""

    message = "没有找到这份报告"


class ObjectionNotFound(NotFound):
    """No such objection, or not for this person."""

    message = "没有找到这条异议"


# --- the call -----------------------------------------------------------------------------------


class WeightsMissTheSum(Invalid):
    """The weights of the criteria are the whole of the score."""

    message = "各项评分标准的权重要加到 100，现在是 %(sum)s"
    field = "weight_1"


class TooFewCriteria(Invalid):
    """Nothing to score by."""

    message = "至少写一项评分标准和它的权重"
    field = "criterion_1"


class PlanMissesTheSum(Invalid):
    """The instalments are the whole of the sum."""

    message = "三期比例都要大于 0，加到 100%%，现在是 %(sum)s%%"
    field = "first_percent"


class CapAboveBudget(Invalid):
    """One project cannot get more than there is."""

    message = "每个项目的上限最少 100 元，不超过总预算"
    field = "cap"


class DeadlinePassed(Invalid):
    """The deadline is not in the future."""

    message = "截止日期要在今天或以后"
    field = "closes_on"


class NotFunded(Conflict):
    """Money first, call afterwards."""

    message = "账上到位 %(there)s 元，少于预算 %(budget)s 元，到账以后才能发布"


class AmountTooSmall(Invalid):
    """Nothing to book, or more than anything."""

    message = "金额要大于 0"
    field = "amount"


class SlipUsed(Conflict):
    """The same voucher number of the same call was booked before."""

    message = "凭证号 %(slip)s 已经记过账"


class BudgetClosed(Conflict):
    """After the award nothing of the call's money can be given any more."""

    message = "这个公益创投已经定标，不再登记到账"


class StillOpen(Conflict):
    """Applications are taken until the deadline."""

    message = "申报还没有截止，现在不能评审"


class TooFewExperts(Conflict):
    """Fewer experts than valid scores are needed."""

    message = "至少要有 %(needed)s 位专家，现在是 %(there)s 位"


class NothingSubmitted(Conflict):
    """Nobody applied."""

    message = "没有收到申报，不能进入评审"


class ScoresMissing(Conflict):
    """Scores stay sealed until all have come."""

    message = "还有 %(missing)s 份评分没有交，全部交齐才能公布排名"


class TooFewScores(Conflict):
    """Recusals have left too few."""

    message = "%(title)s只有 %(there)s 份有效评分，少于 %(needed)s 份，请再聘专家"


class YearNotListed(Conflict):
    """Working days cannot be counted, and publicity that ends too early spoils the award."""

    message = (
        "公示要数工作日，但 %(year)s 年的放假和调休还没有登记完整。"
        "请平台管理员先在“规则”的“放假和调休”里登记，再公布排名"
    )


class PublicityRuns(Conflict):
    """Everybody may still object."""

    message = "公示到 %(until)s 为止，公示期满才能定标"


class ObjectionsOpen(Conflict):
    """Each objection is answered first."""

    message = "还有 %(count)s 条异议没有答复，答复以后才能定标"


class ObjectionAnswered(Conflict):
    """Answered is answered: whoever objected has read it."""

    message = "这条异议已经答复过了"


class PublicityOver(Conflict):
    """Objections are taken during publicity."""

    message = "不在公示期内，现在不能提异议"


class AnswerMissing(Invalid):
    """An answer has words."""

    message = "请写明答复，最多 500 个字"
    field = "answer"


class ExpertAlready(Conflict):
    """The person is on the panel."""

    message = "这位专家已经聘请过了"


# --- the application ----------------------------------------------------------------------------


class CallNotOpen(Conflict):
    """Not published, or its deadline is over."""

    message = "申报已经截止，或者还没有开始"


class NoOrganization(Conflict):
    """Organizations apply, through somebody who may act for them."""

    message = "先登记组织，审核通过以后由负责人申报"


class OwnCall(Conflict):
    """Who gives the money does not ask for it."""

    message = "出资的组织不能申报自己的项目"


class NotDraft(Conflict):
    """What is handed in stays as it is."""

    message = "已经提交的申报不能再改；要改请先撤回"


class AskedAboveCap(Invalid):
    """More than a project may get here."""

    message = "申请金额最少 100 元，最多 %(cap)s 元"
    field = "asked"


class BudgetMissesTheSum(Conflict):
    """The lines are not what is asked."""

    message = "预算明细合计 %(sum)s 元，和申请金额 %(asked)s 元不一致"


class TooManyLines(Conflict):
    """A budget has so many lines at most."""

    message = "预算明细最多 %(most)s 行"


class TooManyFiles(Conflict):
    """An application has so many attachments at most."""

    message = "附件最多 %(most)s 个"


class LineTooLarge(Invalid):
    """Quantity times price is beyond anything."""

    message = "单价要大于 0，这一行的金额不能超过申请金额"
    field = "price"


# --- scores -------------------------------------------------------------------------------------


class StanceFirst(Conflict):
    """Whoever scores says first that there is no conflict of interest."""

    message = "请先声明有没有利益关系"


class Recused(Conflict):
    """With a conflict of interest one neither sees nor scores."""

    message = "您与这份申报有利益关系，已经回避，不能查看和评分"


class StanceTaken(Conflict):
    """Declared is declared."""

    message = "您已经声明过了"


class ScoreSealed(Conflict):
    """A score that was handed in is sealed."""

    message = "评分已经提交并封存，不能再改"


class MarkOutOfRange(Invalid):
    """Each criterion takes 0 to 100."""

    message = "每一项填 0 到 100 的整数"
    field = "mark_1"


class NotScoring(Conflict):
    """Before or after the time of scoring."""

    message = "现在不是评审阶段"


# --- contract and money -------------------------------------------------------------------------


class SamePersonTwice(Conflict):
    """Two sides, two persons."""

    message = "合同双方要由两个不同的人确认"


class AcceptedAlready(Conflict):
    """This side has accepted."""

    message = "这一方已经确认过合同"


class NotSigned(Conflict):
    """Both sides first."""

    message = "合同双方都确认以后才能做这一步"


class TrancheNotNext(Conflict):
    """One after the other."""

    message = "要按顺序拨款：先付清前一期"


class TrancheAsked(Conflict):
    """It waits for the other person already."""

    message = "这一期已经申请拨款，等另一位经办人付款"


class TranchePaid(Conflict):
    """It is paid."""

    message = "这一期已经拨付"


class TrancheNotAsked(Conflict):
    """One asks, another pays."""

    message = "请先由项目负责人申请拨款"


class MakerPays(Conflict):
    """Maker is not checker."""

    message = "申请拨款的人不能自己付款，请另一位经办人办理"


class PayeeDiffers(Invalid):
    """Money goes to an account of the registered name only."""

    message = "收款户名要和登记的组织全称一致：%(name)s"
    field = "payee_name"


class GateClosed(Conflict):
    """The database found no record of the kind that this tranche needs."""

    message = "没有“%(record)s”，数据库拒绝付这一期款"


class PhotoMissing(Invalid):
    """A node is reported with a photo."""

    message = "请附一张现场照片"
    field = "file"


class ReportWaiting(Conflict):
    """One report of a kind at a time."""

    message = "上一份报告还在审核"


class MilestonePassed(Conflict):
    """It was accepted before."""

    message = "这个节点已经验收过了"


class MilestoneTooEarly(Conflict):
    """Mid-term first, then the end."""

    message = "先通过中期检查，再提交结项报告"


class OwnReport(Conflict):
    """Nobody reviews the own report."""

    message = "不能审核自己提交的报告，请另一位工作人员办理"
