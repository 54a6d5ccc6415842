"""The practice plugin's part of the demo world: who takes money online, at the stand-ins."""

from collections.abc import Callable

from core.database import fetch
from core.demo import COMMITTEE
from core.payments.services import connect_merchant
from core.settings import load
from plugins.practice.demo.gifts import ACCOUNTS, build_gifts
from plugins.practice.rules import stand_in_key, webhook_secret, wechat_credentials
from plugins.practice.services import stand_in_keys

__all__ = ["ACCOUNTS", "build_gifts", "open_cashier"]

# The committee has Stripe, the first foundation both, so that its donors choose, the second WeChat Pay.
_WISHED = """
select o.id, w.provider from organization o join (values ('stripe'), ('wechatpay')) as w (provider) on true
where not exists (select from payment_merchant m where m.organization = o.id and m.provider = w.provider)
    and (o.name = $1 and w.provider = 'stripe'
        or o.id = (select min(id) from organization where kind = 'foundation')
        or o.id = (select id from organization where kind = 'foundation' order by id offset 1 limit 1)
            and w.provider = 'wechatpay')
order by o.id, w.provider"""


async def open_cashier(report: Callable[[int, int], None]) -> None:
    """Enter the stand-ins' keys as managers would enter real ones; they are tested as soon as those run."""
    secret = load().secret
    for row in await fetch(_WISHED, COMMITTEE):
        if row["provider"] == "wechatpay":
            keys = wechat_credentials(row["id"], secret, stand_in_keys())
        else:
            key = stand_in_key(row["id"], secret)
            keys = {"secret_key": key, "webhook_secret": webhook_secret(key, secret)}
        await connect_merchant(row["id"], row["provider"], keys)
    report(1, 1)
