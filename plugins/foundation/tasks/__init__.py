"""The doors for background work, by subject."""

from plugins.foundation.tasks import campaigns, pools

TASKS = [campaigns.end_campaigns, pools.end_pools]
