"""Pages of volunteering: for everybody, volunteers, leaders, and strangers with a certificate."""

from web.volunteers.pages import certificates, leading, lists, mine, offers, special

HANDLERS = [
    *offers.HANDLERS,
    *mine.HANDLERS,
    *leading.HANDLERS,
    *lists.HANDLERS,
    *special.HANDLERS,
    *certificates.HANDLERS,
]
