"""`tualai user`: who may work in the studio."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.output.printing import AsJson, archive, print_json, say, table
from media.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from infra.assembly.archive import Archive
    from web.domain.accounts.accounts import Account, LinkPurpose, Role

users = typer.Typer(
    help="Add people to the studio, change their role, send them links.", no_args_is_help=True
)
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="User name or e-mail address.")]
RoleOption = Annotated[str, typer.Option("--role", help="admin, editor, moderator or contributor.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(users, name="user")


@users.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="As shown.")] = "",
    role: RoleOption = "admin",
    organisation: Annotated[str, typer.Option(help="A contributor's organisation, by its slug.")] = "",
    email: Annotated[str, typer.Option(help="Where links may be sent.")] = "",
) -> None:
    """Add somebody and print the link by which they choose a password."""
    from web.domain.accounts.accounts import Account, LinkPurpose, check_email, check_login, check_name

    with archive() as opened:
        account = Account(
            "",
            check_login(login),
            check_name(name or login),
            _role(role),
            organisation.strip(),
            check_email(email),
        )
        _print_link(opened, opened.studio.sign_in.accounts.add(account), LinkPurpose.INVITATION)


@users.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List everybody."""
    with archive() as opened:
        found = opened.studio.sign_in.accounts.accounts()
    if as_json:
        print_json([asdict(each) for each in found])
        return
    columns = ("login", "name", "role", "organisation", "active")
    table(
        "People", columns,
        [(a.login, a.name, a.role, a.organisation, "yes" if a.active else "no") for a in found],
    )  # fmt: skip


@users.command()
def role(login: Login, role: Annotated[str, typer.Argument(help="The new role.")]) -> None:
    """Change somebody's role."""
    with archive() as opened:
        opened.studio.sign_in.accounts.save(replace(_account(opened, login), role=_role(role)))
    say(f"{login} is now {role}.")


@users.command()
def reset(login: Login) -> None:
    """Print a link by which somebody chooses a new password; good for two hours."""
    from web.domain.accounts.accounts import LinkPurpose

    with archive() as opened:
        _print_link(opened, _account(opened, login), LinkPurpose.RESET)


@users.command()
def disable(login: Login) -> None:
    """Sign somebody out everywhere and let them in no more."""
    with archive() as opened:
        opened.studio.sign_in.accounts.save(replace(_account(opened, login), active=False))
    say(f"{login} can sign in no more; “tualai user enable {login}” undoes that.")


@users.command()
def enable(login: Login) -> None:
    """Let somebody in again."""
    with archive() as opened:
        opened.studio.sign_in.accounts.save(replace(_account(opened, login), active=True))
    say(f"{login} can sign in again.")


@users.command("sign-out")
def sign_out(login: Login) -> None:
    """Sign somebody out everywhere."""
    with archive() as opened:
        opened.studio.sign_in.accounts.end_sessions(_account(opened, login).id)
    say(f"{login} is signed out everywhere.")


def _account(opened: Archive, login: str) -> Account:
    from web.domain.accounts.accounts import check_login

    found = opened.studio.sign_in.accounts.by_login(check_login(login))
    if found is None:
        raise NotFound(
            "There is nobody called “%(login)s”; “tualai user list” shows everybody.", login=login
        )
    return found


def _role(text: str) -> Role:
    from web.domain.accounts.accounts import Role

    try:
        return Role(text)
    except ValueError as error:
        raise InvalidInput(
            "“%(text)s” is no role; use admin, editor, moderator or contributor.", text=text
        ) from error


def _print_link(opened: Archive, account: Account, purpose: LinkPurpose) -> None:
    base = opened.settings.base_url.rstrip("/") or "http://127.0.0.1:8000"
    life = {"invitation": "seven days", "reset": "two hours"}[purpose]
    say(f"{account.name} chooses a password here, once, within {life}:")
    typer.echo(f"{base}/studio/link/{opened.studio.sign_in.make_link(account, purpose)}")
