"""What making something public can refuse."""

from core.errors import Invalid, NotFound


class DutyNotFound(NotFound):
    """Nothing of this kind must be published."""

    message = "没有这一项要公开的事"


class ProofMissing(Invalid):
    """A publication is shown by its address, or by a paper of it."""

    message = "请填公开的网址，或上传公开的凭证"
    field = "link"


class NoteMissing(Invalid):
    """Who corrects what is public says what has changed."""

    message = "已经公开过，更正要写明改了什么"
    field = "note"


class DutyDayInFuture(Invalid):
    """What has not happened is not published."""

    message = "发生日期不能晚于今天"
    field = "happened_on"
