"""The pages of 绿币, by noun."""

from plugins.greencoin.pages import claims, reviews, rules, schemes, shop

HANDLERS = [
    *schemes.HANDLERS,
    *rules.HANDLERS,
    *claims.HANDLERS,
    *reviews.HANDLERS,
    *shop.HANDLERS,
]
