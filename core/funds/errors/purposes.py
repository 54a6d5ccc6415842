"""What a fund's purposes can be refused for."""

from core.errors import Conflict


class PurposeTaken(Conflict):
    """The fund has a purpose of that name."""

    message = "这支基金已经有这个用途"


class TooManyPurposes(Conflict):
    """A fund with more of them could not be looked through by anybody."""

    message = "一支基金最多 %(most)s 个用途"


class PurposeMissing(Conflict):
    """Nobody could say what money is given for."""

    message = "至少要有一个用途，基金才能开放"
