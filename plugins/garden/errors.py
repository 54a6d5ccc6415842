"""What the garden can refuse."""

from core.errors import Conflict, Invalid, NotFound


class GardenNotFound(NotFound):
    """No such garden."""

    message = "没有找到这个菜园"


class PlotNotFound(NotFound):
    """No such plot."""

    message = "没有找到这块地"


class LeaseNotFound(NotFound):
    """No such lease of the asker's household."""

    message = "没有找到这份认领"


class PlotAlreadyLeased(Conflict):
    """Somebody else has it, or is about to pay for it."""

    message = "%(plot)s 号地块刚刚被别人认领了，请另选一块"


class PlotIsYours(Conflict):
    """The household has it already."""

    message = "%(plot)s 号地块已经是您家的了"


class PlotsHeld(Conflict):
    """A household that ends would leave its plots to nobody."""

    message = "本户还有认领的地块，到期或退掉以后才能注销家庭户"


class PlotOutOfService(Conflict):
    """The committee does not let it at present."""

    message = "%(plot)s 号地块暂不开放认领"


class HouseholdHasPlots(Conflict):
    """The household has as many plots here as the rule allows."""

    message = "每户在这个菜园最多认领 %(most)s 块地，您家已经有了"


class MembershipUnpaid(Conflict):
    """Another reservation of the household carries this year's membership fee, and is not paid yet."""

    message = "请先缴清您家在这个菜园的上一张缴费单，再认领另一块地"


class AgreementNotAccepted(Invalid):
    """The growing agreement must be accepted before a plot is held."""

    message = "请先阅读并勾选同意种植协议"
    field = "agreed"


class FewerPlotsThanThat(Invalid):
    """No household can have more plots than there are."""

    message = "这里最大的菜园只有 %(plots)s 块地，每户的上限不能更多"
    field = "value"


class LeaseNotActive(Conflict):
    """There is no agreement before it is paid, nor after it has ended unpaid."""

    message = "缴费之后才有认领协议"


class LeaseNotReserved(Conflict):
    """Only a reservation that is not paid yet can be given up here."""

    message = "这份认领已经生效或已结束，不能在这里取消"


class LeaseHeld(Conflict):
    """Who signed a lease answers for the plot."""

    message = "您名下还有菜园地块，到期或取消后才能注销账号"


class OwnLease(Conflict):
    """Nobody decides about the plot of the own household."""

    message = "不能决定自己家的地块，请管委会另一位办理"


class ReviewClosed(Conflict):
    """There is nothing to decide: no money has gone back, or somebody has decided."""

    message = "这块地现在没有要决定的事，或者别人已经决定了"


class NoteMissing(Invalid):
    """Why it was so decided."""

    message = "请写明理由，最多 200 个字"
    field = "note"
