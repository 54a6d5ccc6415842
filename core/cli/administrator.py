"""`yiji administrator PHONE NAME`: the first administrator, who appoints all others on the pages."""

import re
import secrets

import click

from core.cli.connection import run_connected
from core.database import fetch_value, unit_of_work
from core.people.queries import holds
from core.people.rules import ADMINISTRATOR
from core.people.services import grant_role, register_person
from core.reference import PLATFORM


@click.command()
@click.argument("phone")
@click.argument("name")
def command(phone: str, name: str) -> None:
    """Make whoever has PHONE a platform administrator, registering NAME with a new password if need be.

    Whoever may run this holds the database: it asks for no approval, and stands in the record.
    """
    if not re.fullmatch("1[3-9][0-9]{9}", phone):
        raise click.BadParameter("11 digits of mainland China", param_hint="PHONE")
    if not 1 <= len(name) <= 60:
        raise click.BadParameter("1 to 60 characters", param_hint="NAME")
    run_connected(lambda: _appoint(phone, name))


async def _appoint(phone: str, name: str) -> None:
    password = None
    async with unit_of_work():
        person_id = await fetch_value("select id from person where phone = $1", phone)
        if person_id is None:
            password = secrets.token_urlsafe(9)
            person_id = await register_person(name, phone=phone, password=password)
        if await holds(person_id, ADMINISTRATOR, PLATFORM):
            click.echo("holds that role already")
            return
        await grant_role(person_id, ADMINISTRATOR, PLATFORM, actor_id=None)
    click.echo(f"administrator: {phone}")
    if password:
        click.echo(f"password: {password} (to be changed after the first login)")
