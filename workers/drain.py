"""Do what is due in this very process, without a broker: for the demo world and for tests."""

from datetime import timedelta

from core.jobs.services import claim_due, run_job
from workers.tasks import all_tasks


async def run_due_jobs() -> int:
    """Run due jobs, and those that they ask for, until none is due; returns how many were done."""
    done = 0
    tasks = all_tasks()
    while due := await claim_due(limit=100, lease=timedelta(minutes=1), names=list(tasks)):
        for job_id, name in due:
            done += await run_job(job_id, tasks[name].run)
    return done
