"""The doors for background work, by subject."""

from plugins.foundation.tasks import agreements, annual, campaigns, goods, platforms, pools

TASKS = [
    agreements.print_agreement,
    annual.export_annual,
    campaigns.end_campaigns,
    goods.print_goods_receipt,
    platforms.book_list,
    platforms.export_list,
    pools.end_pools,
]
