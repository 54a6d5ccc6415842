"""The figures of volunteering, which a platform, a region or an organization may set otherwise. Pure.

Half an hour before the door opens, an hour to check out, eight hours a day, thirty days to record, five
absences a year: this project's proposals. Stars from 100 to 1,500 hours: usual practice.
"""

from datetime import timedelta

from core.language import mark
from core.manifest import Parameter

DAILY = "core.volunteers.daily_minutes"
EARLY = "core.volunteers.early_minutes"
LATE = "core.volunteers.late_minutes"
RECORD = "core.volunteers.record_days"
UPLOAD = "core.volunteers.upload_hours"
BACKFILL = "core.volunteers.backfill_days"
ABSENCES = "core.volunteers.absences"
ABSENCE_DAYS = "core.volunteers.absence_days"
PAUSE = "core.volunteers.pause_days"
RADIUS = "core.volunteers.radius_metres"
STARS = tuple(f"core.volunteers.star_{number}_hours" for number in range(1, 6))
EARLIEST = timedelta(hours=4)

_MINUTES, _HOURS, _DAYS = mark("分钟"), mark("小时"), mark("天")
# code, title, default, least, most, unit
_FIGURES = (
    (DAILY, mark("一名志愿者一天最多确认的服务时长"), 480, 60, 720, _MINUTES),
    (EARLY, mark("班次开始前多久可以签到"), 30, 5, EARLIEST // timedelta(minutes=1), _MINUTES),
    (LATE, mark("班次结束后多久还能签退"), 60, 5, 480, _MINUTES),
    (RECORD, mark("班次结束后多少天内可以记录时长"), 30, 1, 90, _DAYS),
    (UPLOAD, mark("班次结束后多少小时内可以补传当时的签到码"), 24, 1, 72, _HOURS),
    (BACKFILL, mark("班次结束后多少天内可以凭证人补录，证人有多少天答复"), 30, 1, 90, _DAYS),
    (ABSENCES, mark("缺席几次就暂停报名"), 5, 1, 50, mark("次")),
    (ABSENCE_DAYS, mark("计算缺席次数的天数"), 365, 30, 730, _DAYS),
    (PAUSE, mark("暂停报名多少天"), 30, 1, 365, _DAYS),
    (RADIUS, mark("位置签到要在集合地点多少米以内"), 200, 50, 2000, mark("米")),
)
_STAR_TITLES = (
    mark("一星志愿者的服务时长"),
    mark("二星志愿者的服务时长"),
    mark("三星志愿者的服务时长"),
    mark("四星志愿者的服务时长"),
    mark("五星志愿者的服务时长"),
)
_STAR_HOURS = (100, 300, 600, 1000, 1500)

TERMS = tuple(
    Parameter(
        code=code,
        title=title,
        default=default,
        minimum=least,
        maximum=most,
        unit=unit,
        scopes=("platform", "region", "organization"),
    )
    for code, title, default, least, most, unit in _FIGURES
)
STAR_PARAMETERS = tuple(
    Parameter(
        code=code,
        title=title,
        default=hours,
        minimum=1,
        maximum=100_000,
        unit=_HOURS,
        scopes=("platform", "region"),
    )
    for code, title, hours in zip(STARS, _STAR_TITLES, _STAR_HOURS, strict=True)
)
