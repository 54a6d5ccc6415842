"""What staying away leads to is said before anybody signs up, as it holds at that organization."""

import httpx

from core import clock
from core.parameters.services import set_parameter
from core.volunteers.queries import opportunities
from core.volunteers.rules import figures
from tests.core.volunteers.shifts import make_shift, make_team
from tests.factories import PASSWORD, make_resident, new_phone
from tests.web.visitors import log_in


async def test_the_rule_stands_above_the_button(client: httpx.AsyncClient, db: str) -> None:
    team, phone = await make_team(), new_phone()
    await make_resident(team.organization.region_id, phone=phone, password=PASSWORD)
    for code, value in ((figures.ABSENCES, 3), (figures.ABSENCE_DAYS, 100), (figures.PAUSE, 60)):
        await set_parameter(code, team.organization.ref, value, effective_on=clock.today(), actor_id=None)
    here, elsewhere = await make_shift(team), await make_shift(await make_team())
    client.cookies.clear()
    await log_in(client, phone)
    text = (await client.get(f"/volunteers/shifts/{here}")).text
    assert text.index("100 天内缺席 3 次，暂停在这个组织报名 60 天") < text.index("我已读过，同意这份协议")
    assert (
        "365 天内缺席 5 次，暂停在这个组织报名 30 天"
        in (await client.get(f"/volunteers/shifts/{elsewhere}")).text
    )
    offered = (await opportunities.shift(here)).opportunity_id
    told = (await client.get(f"/api/v1/volunteers/opportunities/{offered}")).json()
    assert told["no_show_rule"] == {"absences": 3, "within_days": 100, "pause_days": 60}
