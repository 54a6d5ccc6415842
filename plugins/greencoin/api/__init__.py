"""绿币 for programs, by noun."""

from plugins.greencoin.api import claims, schemes, shop

HANDLERS = [*schemes.HANDLERS, *claims.HANDLERS, *shop.HANDLERS]
