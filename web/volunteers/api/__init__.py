"""Volunteering for programs: for everybody and volunteers, for leaders."""

from web.volunteers.api import children, leading, offline, stars, volunteers

HANDLERS = [*volunteers.HANDLERS, *children.HANDLERS, *leading.HANDLERS, *offline.HANDLERS, *stars.HANDLERS]
