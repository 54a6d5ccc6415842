"""罗江区 and 雒城街道 in the demo world, through the same services as real life.

From the source articles: 罗江区's 支持中心 with a call of which 21 organizations signed, 雒城街道's first 12
micro-projects with an operator of its own. Invented: names, people, sums, scores and days; pages mark them as
a sample. A place is data (`places.py`), and so is a call with what has become of it (`plans.py`).
"""

from plugins.venture.demo.building import build_calls, build_people
from plugins.venture.demo.places import ACCOUNTS, LUOCHENG, LUOJIANG
from plugins.venture.demo.plans import LUOCHENG_CALLS, LUOJIANG_CALLS
from plugins.venture.demo.tour import TOUR

__all__ = [
    "ACCOUNTS",
    "LUOCHENG",
    "LUOCHENG_CALLS",
    "LUOJIANG",
    "LUOJIANG_CALLS",
    "TOUR",
    "build_calls",
    "build_people",
]
