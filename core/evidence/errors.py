"""What evidence can refuse. The database refuses the same to whoever writes past this module."""

from core.errors import Conflict


class EvidenceUsed(Conflict):
    """The evidence was consumed for this purpose before."""

    message = "这份凭证已经用过了，不能再用一次"


class EvidenceMissing(Conflict):
    """There is no evidence of the kind that the step needs, about the thing that it concerns."""

    message = "缺少所需的凭证，这一步现在不能做"
