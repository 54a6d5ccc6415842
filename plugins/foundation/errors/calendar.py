"""What publishing a quarter can refuse."""

from core.errors import Conflict


class QuarterNotOver(Conflict):
    """What is published must not change any more."""

    message = "这个季度还没有结束，%(day)s 起才能公开"


class PublishEarlierFirst(Conflict):
    """Quarters are published one after the other, so that each begins with what the last one ended with."""

    message = "请先公开更早的季度"
