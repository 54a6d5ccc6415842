"""The doors of 绿币 for background work."""

from plugins.greencoin.services import awards, shop
from workers.task import task


@task("greencoin.credit_list")
async def credit_list(review_id: int) -> None:
    """Credit what was public long enough."""
    await awards.credit_list(review_id)


@task("greencoin.lapse_points")
async def lapse_points() -> None:
    """Take off what has expired, and ask for the warnings of what is about to."""
    await awards.lapse_points()


@task("greencoin.warn_of_ending")
async def warn_of_ending(scheme_id: int) -> None:
    """Tell who is about to lose points."""
    await awards.warn_of_ending(scheme_id)


@task("greencoin.expire_redemption")
async def expire_redemption(redemption_id: int) -> None:
    """Give back what nobody has taken in time."""
    await shop.expire_redemption(redemption_id)
