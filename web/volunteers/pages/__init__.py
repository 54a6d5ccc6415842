"""Pages of volunteering: for everybody, volunteers, leaders, and strangers with a certificate."""

from web.volunteers.pages import certificates, leading, lists, mine, offers, offline, special

HANDLERS = [
    *offers.HANDLERS,
    *mine.HANDLERS,
    *leading.HANDLERS,
    *lists.HANDLERS,
    *offline.HANDLERS,
    *special.HANDLERS,
    *certificates.HANDLERS,
]
