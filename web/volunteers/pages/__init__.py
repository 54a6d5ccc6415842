"""Pages of volunteering: for everybody, volunteers, leaders, and strangers with a certificate."""

from web.volunteers.pages import certificates, leading, lists, mine, offers

HANDLERS = [
    *offers.HANDLERS,
    *mine.HANDLERS,
    *leading.HANDLERS,
    *lists.HANDLERS,
    *certificates.HANDLERS,
]
