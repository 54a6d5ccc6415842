"""Volunteers and leaders are told by a job: notifications stand above, and look up what to say."""

from core.jobs.services import add_job

TELL, TELL_STAR = "core.tell_volunteer", "core.tell_star"


def tell(what: str, sign_up_id: int) -> None:
    """Ask, in the caller's unit of work, that those concerned by a sign-up learn `what` happened."""
    add_job(TELL, {"what": what, "sign_up_id": sign_up_id})
