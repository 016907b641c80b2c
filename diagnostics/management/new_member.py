"""What a command prints about a person who was given roles."""

from collections.abc import Iterator

from survey.services.organisations.account_mail import set_password_link
from survey.services.organisations.founding import NewMember


def describe_new_member(member: NewMember) -> Iterator[str]:
    """Yield lines for the terminal, with the set-password link: mail may not be set up yet."""
    yield f"{member.user.email} now belongs to {member.organisation.name}."
    if member.is_new_account:
        yield "The password is set here (a mail with a link that does the same is on its way):"
        yield f"  {set_password_link(member.user)}"
