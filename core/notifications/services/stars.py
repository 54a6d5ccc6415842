"""What a volunteer, or a minor's guardian, is told about a star."""

from core.language import mark
from core.notifications.services import notify
from core.registration.queries import reader_of
from core.volunteers.queries import stars
from core.volunteers.rules.terms import volunteer_number

# what happened -> title, body
_WORDS = {
    "awarded": (mark("授星了"), mark("公示期满，授予%(who)s %(stars)s 星志愿者。谢谢您！")),
    "refused": (mark("授星没有通过"), mark("%(who)s申请的 %(stars)s 星没有通过公示，原因请看页面。")),
    "reviewed": (
        mark("星级年度复核"),
        mark("%(who)s的 %(stars)s 星到了年度复核，社区工作人员会看一看再决定；决定前照样有效。"),
    ),
    "kept": (mark("星级保留"), mark("%(who)s的 %(stars)s 星年度复核后保留。")),
    "withdrawn": (
        mark("星级取消了"),
        mark("%(who)s的 %(stars)s 星年度复核后取消，原因请看页面；不同意可以申诉。"),
    ),
    "restored": (mark("星级恢复了"), mark("申诉有了答复：%(who)s的 %(stars)s 星恢复。")),
    "upheld": (mark("申诉有了答复"), mark("申诉有了答复：维持取消%(who)s的 %(stars)s 星。")),
}


async def tell_of_star(what: str, star_id: int) -> None:
    """Tell the holder; an appeal shows among the todos of the staff."""
    if what not in _WORDS:
        return
    found = await stars.star(star_id)
    reader = await reader_of(found.person_id)
    title, body = _WORDS[what]
    notify(
        reader.person_id,
        title=title,
        body=body,
        path=f"/volunteers/stars/{star_id}",
        who=volunteer_number(found.person_id) if reader.is_guardian else mark("您"),
        stars=found.stars,
    )
