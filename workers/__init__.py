"""Doors for work in the background: Celery carries a job's id, nothing else."""
