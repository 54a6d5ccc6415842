"""The doors for background work, by subject."""

from plugins.foundation.tasks import annual, campaigns, pools

TASKS = [annual.export_annual, campaigns.end_campaigns, pools.end_pools]
