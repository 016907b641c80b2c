"""A form that is handed in twice, by a second click or after a lost answer, is saved once."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from survey.models import FormUse, User
from survey.policy import FORM_LIFE

T = TypeVar("T")


class _NothingSavedError(Exception):
    """The form was refused: corrected, it may come again under the same key."""


def use_once(
    *, key: str, user: User, act: Callable[[], T], place_of: Callable[[T], str]
) -> T | str:
    """Do what a form asks for, once; return the place that followed where that is done already.

    The note is written with what is saved, or not at all. Of two at once the second waits for the
    first. place_of: where the result leads, nothing where the form was refused.
    """
    refused: list[T] = []
    try:
        with transaction.atomic():
            use = FormUse.objects.create(key=key, user=user, used_at=timezone.now())
            result = act()
            use.place = place_of(result)
            if not use.place:
                refused.append(result)
                raise _NothingSavedError
            use.save(update_fields=["place"])
            return result
    except _NothingSavedError:
        return refused[0]
    except IntegrityError:
        earlier = FormUse.objects.filter(key=key, user=user).first()
        if earlier is None:
            raise  # of something else that was saved
        return earlier.place


def earlier_place(*, key: str, user: User) -> str:
    """Return the place that followed a form that is saved already; nothing of any other."""
    earlier = FormUse.objects.filter(key=key, user=user).first() if key else None
    return earlier.place if earlier else ""


def forget_form_uses(now: datetime) -> None:
    """Forget forms that were handed in long ago."""
    FormUse.objects.filter(used_at__lte=now - FORM_LIFE).delete()
