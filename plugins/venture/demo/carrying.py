"""What has become of a signed project: its tranches, its reports with pictures."""

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from core import clock
from core.files.rules import Upload
from core.people.rules import Actor
from plugins.venture.demo import plans
from plugins.venture.queries import contracts
from plugins.venture.rules import flows
from plugins.venture.services.contracts import (
    FUNDER,
    GRANTEE,
    LAST_NUMBER,
    accept_contract,
    ask_for_tranche,
    pay_tranche,
)
from plugins.venture.services.reports import FINAL, MIDTERM, answer_report, file_report

_WORDS = {MIDTERM: plans.MIDTERM, FINAL: plans.FINAL}


async def carry_out(
    contract_id: int,
    rank: int,
    paid: int,
    *,
    officer: Actor,
    payer: Actor,
    grantee: Actor,
    begins: datetime,
) -> None:
    """Both sides accept; so many tranches are paid. The best one's next, or a first one, is asked for."""
    with clock.frozen(begins + timedelta(hours=rank)):
        await accept_contract(contract_id, FUNDER, actor=officer)
        await accept_contract(contract_id, GRANTEE, actor=grantee)
    payee = (await contracts.contract(contract_id)).organization
    for number in range(1, paid + 1):
        # Two months apart, as far as the past reaches.
        at = min(begins + timedelta(days=12 + 60 * (number - 1), hours=rank), clock.now())
        with clock.frozen(at):
            if (await contracts.tranches(contract_id))[number - 1].state == flows.PAID:
                continue
            if number > 1:
                await _report(contract_id, (MIDTERM, FINAL)[number - 2], rank, grantee, officer)
            await ask_for_tranche(contract_id, number, actor=officer)
            slip = f"样-{contract_id:04}-{number}"
            await pay_tranche(contract_id, number, payee_name=payee, slip=slip, actor=payer)
    if paid == 0 or (rank == 1 and paid < LAST_NUMBER):
        await ask_for_tranche(contract_id, paid + 1, actor=officer)


async def _report(contract_id: int, kind: str, rank: int, actor: Actor, officer: Actor) -> None:
    """The organization's report with a picture, accepted by the centre."""
    contract = await contracts.contract(contract_id)
    there = [report for report in await contracts.reports(contract_id) if report.kind == kind]
    if there:
        report_id = there[0].id
    else:
        text = _WORDS[kind].format(project=contract.title, n=10 + rank)
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
