"""罗江区 in the demo world, through the same services as real life.

From the source article: the district's 支持中心, a call, 21 signed organizations. Invented: their names, the
people, sums, scores and days; pages mark them as a sample.
"""

from plugins.venture.demo.calls import build_open_call, build_signed_call
from plugins.venture.demo.people import ACCOUNTS, build_people
from plugins.venture.demo.words import TOUR

__all__ = ["ACCOUNTS", "TOUR", "build_open_call", "build_people", "build_signed_call"]
