"""Commands about the people of a centre: who is here, who may do what, who is to be forgotten. These load Django."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly

Who = Annotated[str, typer.Argument(metavar="EMAIL", help="Their address, or their identifier (usr-…).")]
Roles = Annotated[list[str], typer.Option("--role", help="A role; give the option once for each.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(plainly(people))
    app.command("add-person")(plainly(add_person))
    app.command("renew-password")(plainly(renew_password))
    app.command("give-role")(plainly(give_role))
    app.command("take-role")(plainly(take_role))
    app.command()(plainly(erase))


def people(home: Home = None, as_json: AsJson = False) -> None:
    """List who may sign in, with their roles."""
    open_centre(home)
    from whatworks.people.presenters import listed

    found = listed()
    if as_json:
        print_json({"people": found})
        return
    for one in found:
        print(f"{one['identifier']}  {one['email']}  {', '.join(one['roles']) or 'no role'}  {one['name']}".rstrip())
    if not found:
        print("Nobody is here yet; whatworks add-person adds somebody.")


def add_person(email: Annotated[str, typer.Argument(help="Their address.")], role: Roles, home: Home = None) -> None:
    """Add a new user who may sign in; prints a one-time password, once."""
    open_centre(home)
    from whatworks.people.actions import add_user

    user, password = add_user(by=CLI, email=email, roles=role)
    _print_password(user.email, password)


def renew_password(email: Who, home: Home = None) -> None:
    """Give somebody who is here a new one-time password, as after a move; prints it, once."""
    open_centre(home)
    from whatworks.people import actions

    user, password = actions.renew_password(by=CLI, who=email)
    _print_password(user.email, password)


def _print_password(email: str, password: str) -> None:
    print(f"{email} may sign in with the password {password}\nIt is shown once. Change it after signing in.")


def give_role(email: Who, role: Roles, home: Home = None) -> None:
    """Give somebody who is here one or more roles."""
    open_centre(home)
    from whatworks.people import actions

    user = actions.give_roles(by=CLI, who=email, roles=role)
    _print_roles(user.email, user.roles())


def take_role(email: Who, role: Roles, home: Home = None) -> None:
    """Take one or more roles from somebody; what they did stays as it is."""
    open_centre(home)
    from whatworks.people import actions

    user = actions.take_roles(by=CLI, who=email, roles=role)
    _print_roles(user.email, user.roles())


def _print_roles(email: str, roles: list[str]) -> None:
    print(f"{email} has the roles {', '.join(roles)}." if roles else f"{email} has no role.")


def erase(
    subject: Annotated[str, typer.Argument(help="An identifier; whatworks people lists those of people.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence without personal data.")],
    home: Home = None,
) -> None:
    """Erase everything personal about a subject; the chain stays valid and says so."""
    open_centre(home)
    from whatworks.people.actions import erase_subject, wipe_freed_space

    event = erase_subject(by=CLI, subject=subject, reason=reason)
    print(f"Erased {subject} (event {event.uid}).")
    if not wipe_freed_space():
        print(
            "The database file may still hold traces, because another process uses it: stop that, and run this again.",
            file=sys.stderr,
        )
