"""Pages of volunteering: for everybody, volunteers, leaders, and strangers with a certificate."""

from web.volunteers.pages import certificates, children, leading, lists, mine, offers, offline, special, stars

HANDLERS = [
    *offers.HANDLERS,
    *mine.HANDLERS,
    *children.HANDLERS,
    *leading.HANDLERS,
    *lists.HANDLERS,
    *offline.HANDLERS,
    *special.HANDLERS,
    *certificates.HANDLERS,
    *stars.HANDLERS,
]
