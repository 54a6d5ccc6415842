"""The receipt for goods as PDF."""

from core.documents.services import keep_paper
from core.language import in_language
from plugins.foundation.papers.goods import goods_paper
from plugins.foundation.queries import goods
from plugins.foundation.services.goods import PAPER
from workers.task import task


@task(PAPER)
async def print_goods_receipt(goods_id: int, owner_id: int, language: str) -> None:
    """For the donor, by hand of who asked for it."""
    found = await goods.goods(goods_id)
    with in_language(language):
        paper = goods_paper(found)
        await keep_paper(f"{paper.title} {found.slip_no}", paper, owner_id=owner_id)
