"""`whatworks token`: make, list and revoke the tokens with which programs act for people. These load Django."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.people import Who
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

token_app = typer.Typer(name="token", help="Tokens with which programs act for people.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    token_app.command("make")(plainly(make))
    token_app.command("list")(plainly(list_tokens))
    token_app.command("revoke")(plainly(revoke))
    app.add_typer(token_app)


def make(
    email: Who,
    name: Annotated[str, typer.Option(help="What it is for, so that it is known again.")],
    scope: Annotated[list[str], typer.Option(help="screen.read or screen.say; give the option once for each.")],
    review: Annotated[str, typer.Option(help="Only in this review, by its name in addresses.")] = "",
    days: Annotated[int, typer.Option(help="Days until it ends.")] = 90,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a token for somebody who is here; prints its secret, once."""
    open_centre(home)
    from whatworks.people.tokens import make_token

    token, secret = make_token(by=CLI, user=_person(email), name=name, scopes=scope, review=review, days=days)
    if as_json:
        print_json({"identifier": token.pk, "secret": secret, "expires": token.expires_at.isoformat()})
        return
    print(f"{secret}\nThis is the token “{token.name}” ({token.pk}) of {token.user.email}. It is shown once.")
    print(f"It ends on {token.expires_at:%-d %B %Y}.")


def list_tokens(
    email: Annotated[str, typer.Argument(metavar="[EMAIL]", help="Only those of this person.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List tokens, never their secrets, those that open something first."""
    open_centre(home)
    from whatworks.people.presenters import tokens_of

    found = tokens_of(_person(email) if email else None)
    if as_json:
        print_json({"tokens": [_plain(one) for one in found]})
        return
    for one in found:
        only = f", only in {one['review']}" if one["review"] else ""
        print(
            f"{one['identifier']}  {one['email']}  {one['name']}  ({', '.join(one['scopes'])}{only})  {one['stands']}"
        )
    if not found:
        print("There are no tokens; whatworks token make makes one.")


def revoke(
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="Its identifier (tok-…), never its secret.")],
    home: Home = None,
) -> None:
    """End a token now."""
    open_centre(home)
    from whatworks.people.models import Token
    from whatworks.people.tokens import revoke_token

    held = Token.objects.filter(pk=token).first()
    if held is None:
        raise InputError("There is no such token; whatworks token list shows their identifiers (tok-…).")
    revoke_token(by=CLI, token=held)
    print(f"{held.pk} is revoked.")


def _person(who: str) -> Any:
    from whatworks.people.models import User

    if user := User.objects.named(who):
        return user
    raise InputError(f"Nobody here has the address {who}; whatworks people lists who is here.")


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in one.items()}
