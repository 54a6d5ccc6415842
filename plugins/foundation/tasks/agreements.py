"""Agreements with donors as PDF."""

from core.documents.services import keep_paper
from core.language import in_language
from plugins.foundation.papers.agreements import agreement_paper
from plugins.foundation.queries import agreements
from plugins.foundation.services.agreements import PAPER
from workers.task import task


@task(PAPER)
async def print_agreement(agreement_id: int, owner_id: int, language: str) -> None:
    """For both sides to sign, or to keep."""
    found = await agreements.agreement(agreement_id)
    with in_language(language):
        paper = agreement_paper(found)
        await keep_paper(f"{paper.title} {found.id}", paper, owner_id=owner_id)
