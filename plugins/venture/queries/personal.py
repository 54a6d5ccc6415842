"""What the plugin knows of one person: as an expert, and what was objected to."""

from core.database import fetch
from core.language import mark
from core.manifest import PersonalData

_REVIEWS = """
select r.id, c.title as call, r.application, r.stance, r.reason, r.score, r.comment, r.submitted_at
from venture_review r join venture_application a on a.id = r.application join venture_call c on c.id = a.call
where r.person = $1 order by r.id desc limit 10000"""
_REVIEW_COLUMNS = {
    "id": mark("编号"),
    "call": mark("创投"),
    "application": mark("申报编号"),
    "stance": mark("回避情况"),
    "reason": mark("原因"),
    "score": mark("得分"),
    "comment": mark("意见"),
    "submitted_at": mark("提交时间"),
}
_OBJECTIONS = """
select id, application, text, state, made_at, answer, answered_at from venture_objection
where person = $1 order by id desc limit 10000"""
_OBJECTION_COLUMNS = {
    "id": mark("编号"),
    "application": mark("申报编号"),
    "text": mark("内容"),
    "state": mark("状态"),
    "made_at": mark("提出时间"),
    "answer": mark("答复"),
    "answered_at": mark("答复时间"),
}


async def personal_data(person_id: int) -> list[PersonalData]:
    """Reviews that the person has given as an expert, and objections."""
    found = (
        ("venture.reviews", mark("专家评审"), _REVIEW_COLUMNS, await fetch(_REVIEWS, person_id)),
        ("venture.objections", mark("异议"), _OBJECTION_COLUMNS, await fetch(_OBJECTIONS, person_id)),
    )
    return [
        PersonalData(name=name, title=title, columns=columns, rows=[dict(row) for row in rows])
        for name, title, columns, rows in found
        if rows
    ]
