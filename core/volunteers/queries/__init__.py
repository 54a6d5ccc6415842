"""Reads of volunteering: what is offered, who comes, what was done, what is certified."""
