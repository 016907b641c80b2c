"""Why an account's second word does not count, and by which rule somebody else's does, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from survey.access import holders_of
from survey.models import AskedChange, LaterReader, User
from survey.selectors.accounts.second_persons import right_to_confirm


def hindrance_at_change(asked: AskedChange, user: User) -> str:
    """Return which rule keeps a user from deciding on a change, and who may."""
    campaign = asked.campaign
    holders = holders_of(right_to_confirm(campaign), organisation_id=campaign.organisation_id)
    if asked.asked_by_id == user.pk:
        why = _("You asked for it yourself.")
    elif campaign.gives_rows and not holders.filter(pk=user.pk).exists():
        why = _("You are not of the works council.")
    else:
        why = _("You had not signed in before the campaign was begun.")
    rule = (
        _(
            "It needs the word of somebody else of the works council, who had signed in before "
            "the campaign was begun: it gives analysts single answers, so no other role will do."
        )
        if campaign.gives_rows
        else _(
            "It needs the word of somebody else of the works council, or of another "
            "administrator, who had signed in before the campaign was begun."
        )
    )
    return f"{why} {rule}"


def hindrance_at_reader(waiting: LaterReader, reader: User, user: User) -> str:
    """Return which rule keeps a user from agreeing to a later reader, and who may."""
    if reader == user:
        why = _("You would read by it yourself.")
    elif waiting.given_by_id == user.pk:
        why = _("You gave it yourself.")
    else:
        why = _("You had not signed in before it was given.")
    rule = _(
        "It needs the word of somebody else of the works council, or of another administrator, "
        "who had signed in before it was given."
    )
    return f"{why} {rule}"


def names_of(users: Iterable[User]) -> tuple[str, ...]:
    """Return what accounts are called on pages."""
    return tuple(str(user) for user in users)
