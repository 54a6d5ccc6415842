"""The doors for background work, by subject."""

from plugins.foundation.tasks import campaigns

TASKS = [campaigns.end_campaigns]
