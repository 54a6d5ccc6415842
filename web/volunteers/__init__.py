"""Volunteering: what is offered, one's own service, the leaders' lists, certificates."""
