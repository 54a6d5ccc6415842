"""The call of which 21 organizations have signed, at all stages of their tranches, and an open one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from core import clock
from core.database import fetch_value
from core.files.rules import Upload
from core.people.rules import Actor
from plugins.venture.demo import words
from plugins.venture.demo.people import (
    EXPERTS,
    OFFICER,
    PAYER,
    account_actor,
    applicant,
    build_region,
    organization,
)
from plugins.venture.queries import applications, calls, contracts
from plugins.venture.rules import flows
from plugins.venture.services.applications import (
    Words,
    add_line,
    draft_application,
    submit_application,
)
from plugins.venture.services.calls import (
    Terms,
    appoint_expert,
    draft_call,
    fund_call,
    publish_call,
)
from plugins.venture.services.contracts import (
    FUNDER,
    GRANTEE,
    accept_contract,
    ask_for_tranche,
    pay_tranche,
)
from plugins.venture.services.decisions import decide_call, publish_ranking
from plugins.venture.services.reports import FINAL, MIDTERM, answer_report, file_report
from plugins.venture.services.reviews import begin_scoring, score_application, take_stance
from workers.drain import run_due_jobs

Report = Callable[[int, int], None]
_SIGNED, _APPLIED = 21, len(words.PROJECTS)
# Tranches paid by the number of the project: four are done, six have two, eight have one.
_PAID = [3] * 4 + [2] * 6 + [1] * 8 + [0] * 3


async def build_signed_call(report: Report) -> None:
    """24 applications, 21 contracts; goes on where a stopped run ended."""
    begins = clock.now() - timedelta(days=260)
    call_id = await _call(words.SIGNED_CALL, begins, budget_yuan=950_000, cap_yuan=60_000)
    call = await calls.call(call_id)
    if call.state == flows.PUBLISHED:
        await _apply(call_id, begins, range(_APPLIED))
        report(1, 4)
    with clock.frozen(begins + timedelta(days=31)):
        await _score(call_id)
        report(2, 4)
    with clock.frozen(begins + timedelta(days=60)):
        officer = await account_actor(OFFICER)
        if (await calls.call(call_id)).state == flows.PUBLICITY:
            await decide_call(call_id, actor=officer)
    report(3, 4)
    for one in await applications.applications_of(call_id):
        if one.contract_id is not None:
            await _carry_out(one.contract_id, one.rank or 1, begins + timedelta(days=62))
    await run_due_jobs()
    report(4, 4)


async def build_open_call(report: Report) -> None:
    """A call to try with: two organizations have applied, the experts are appointed."""
    begins = clock.now() - timedelta(days=5)
    call_id = await _call(words.OPEN_CALL, begins, budget_yuan=200_000, cap_yuan=50_000)
    await _apply(call_id, begins, (5, 9))
    await run_due_jobs()
    report(1, 1)


async def _call(title: str, begins: datetime, *, budget_yuan: int, cap_yuan: int) -> int:
    """The call, published and with its panel."""
    officer, payer = await account_actor(OFFICER), await account_actor(PAYER)
    with clock.frozen(begins):
        call_id = await fetch_value("select id from venture_call where title = $1", title)
        if call_id is None:
            call_id = await draft_call(
                Terms(
                    organization_id=await organization(words.CENTRE, 0, await build_region()),
                    title=title,
                    summary=words.SUMMARY,
                    budget_fen=budget_yuan * 100,
                    cap_fen=cap_yuan * 100,
                    plan=(5000, 3000, 2000),
                    closes_on=clock.today() + timedelta(days=30),
                    criteria=words.CRITERIA,
                ),
                actor=officer,
            )
        if (await calls.call(call_id)).state == flows.DRAFT:
            await fund_call(call_id, amount_fen=budget_yuan * 100, slip=f"样-{call_id:04}", actor=payer)
            for account in EXPERTS:
                expert = await account_actor(account)
                if not await calls.is_expert(call_id, expert.person_id):
                    await appoint_expert(call_id, expert.person_id, actor=officer)
            await publish_call(call_id, actor=officer)
    return int(call_id)


async def _apply(call_id: int, begins: datetime, numbers: range | tuple[int, ...]) -> None:
    for number in numbers:
        actor, organization_id = await applicant(number)
        project, asked_yuan = words.PROJECTS[number][1], 38_000 + number * 700
        with clock.frozen(begins + timedelta(days=2, hours=number)):
            application_id = await draft_application(
                call_id,
                organization_id,
                Words(
                    title=project,
                    need=words.NEED.format(project=project, n=30 + 7 * number),
                    plan=words.PLAN,
                    beneficiaries=60 + 15 * number,
                    asked_fen=asked_yuan * 100,
                ),
                actor=actor,
            )
            if (await applications.application(application_id)).state != flows.DRAFT:
                continue
            there = len(await applications.budget(application_id))
            for line in words.budget(asked_yuan)[there:]:
                await add_line(application_id, line, actor=actor)
            await submit_application(application_id, actor=actor)


async def _score(call_id: int) -> None:
    """All experts, all applications, then the ranking."""
    officer = await account_actor(OFFICER)
    if (await calls.call(call_id)).state in (flows.PUBLISHED, flows.CLOSED):
        await begin_scoring(call_id, actor=officer)
    if (await calls.call(call_id)).state != flows.SCORING:
        return
    found = await applications.applications_of(call_id)
    for seat, account in enumerate(EXPERTS):
        expert = await account_actor(account)
        for number, one in enumerate(found):
            await take_stance(one.id, has_conflict=False, actor=expert)
            await score_application(one.id, _marks(number, seat), actor=expert)
    await publish_ranking(call_id, actor=officer)


def _marks(number: int, seat: int) -> list[int]:
    """Invented: the first are the best, the last three stay below the line."""
    base = 94 - number if number < _SIGNED else 55 - number % 5
    return [base, base - (number + seat) % 4, base - seat, base - (number * 3 + seat) % 5]


async def _carry_out(contract_id: int, rank: int, begins: datetime) -> None:
    """Both sides accept; then as many tranches as the project has come to, with their reports."""
    contract = await contracts.contract(contract_id)
    actor, _ = await applicant([name for name, _ in words.PROJECTS].index(contract.organization))
    officer, payer = await account_actor(OFFICER), await account_actor(PAYER)
    with clock.frozen(begins + timedelta(hours=rank)):
        await accept_contract(contract_id, FUNDER, actor=officer)
        await accept_contract(contract_id, GRANTEE, actor=actor)
    paid = _PAID[min(rank, _SIGNED) - 1]
    for number in range(1, paid + 1):
        with clock.frozen(begins + timedelta(days=12 + 60 * (number - 1), hours=rank)):
            if (await contracts.tranches(contract_id))[number - 1].state == flows.PAID:
                continue
            if number > 1:
                await _report(contract_id, (MIDTERM, FINAL)[number - 2], rank, actor, officer)
            await ask_for_tranche(contract_id, number, actor=officer)
            slip = f"样-{contract_id:04}-{number}"
            await pay_tranche(contract_id, number, payee_name=contract.organization, slip=slip, actor=payer)
    if paid == 0:
        await ask_for_tranche(contract_id, 1, actor=officer)


async def _report(contract_id: int, kind: str, rank: int, actor: Actor, officer: Actor) -> None:
    """The organization's report with a picture, accepted by the centre."""
    contract = await contracts.contract(contract_id)
    there = [report for report in await contracts.reports(contract_id) if report.kind == kind]
    if there:
        report_id = there[0].id
    else:
        text = {MIDTERM: words.MIDTERM, FINAL: words.FINAL}[kind].format(project=contract.title, n=10 + rank)
        report_id = await file_report(contract_id, kind, text, _picture(rank, kind), actor=actor)
    await answer_report(report_id, "现场看过，属实。", is_accepted=True, actor=officer)


def _picture(rank: int, kind: str) -> Upload:
    """A drawing instead of a photo: a courtyard with as many people as the rank says."""
    image = Image.new("RGB", (480, 320), "#cfe6f5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 210, 480, 320), fill="#b9cf9b")
    draw.rectangle((40, 110, 210, 240), fill="#e8d3b0")
    draw.polygon(((25, 110), (125, 50), (225, 110)), fill="#9c5b45")
    for n in range(3 + rank % 6):
        x, y = 250 + 34 * n % 210, 220 + 13 * (n % 4)
        draw.ellipse((x, y - 18, x + 14, y - 4), fill="#f1c7a3")
        draw.rectangle((x, y - 4, x + 14, y + 30), fill=("#c0392b", "#2e6da4", "#27794a")[(n + rank) % 3])
    if kind == FINAL:
        draw.rectangle((80, 150, 170, 170), fill="#c0392b")
    into = BytesIO()
    image.save(into, "PNG")
    return Upload(f"{kind}.png", into.getvalue())
