"""Views of forms that make something new: the same form handed in twice makes it once."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpResponse
from django.shortcuts import redirect

from survey.models import FormUse
from survey.services.form_uses import earlier_place, use_once
from survey.views.requests import StaffRequest

FIELD: Final = "form_key"
P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def saved_once(view: View[P]) -> View[P]:
    """Answer a form that was saved already with the page that followed then.

    Of another the view reads and checks what was sent while nobody waits for it, and hands
    `save_once` what is left to write.
    """

    @wraps(view)
    def answer(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        place = earlier_place(key=form_key_of(request), user=request.user)
        return redirect(place) if place else view(request, *args, **kwargs)

    return answer


def save_once(request: StaffRequest, save: Callable[[], HttpResponse]) -> HttpResponse:
    """Save what a form asks for, in one transaction with the note that it was; tell what follows.

    Only what writes belongs in here: it holds the lock for which everybody else who saves waits.
    A form without a key, from a page of an earlier version, is saved as it comes.
    """
    key = form_key_of(request)
    if not key:
        return save()
    result = use_once(key=key, user=request.user, act=save, place_of=_place)
    return redirect(result) if isinstance(result, str) else result


def form_key_of(request: StaffRequest) -> str:
    """Return the key of the form that was posted; nothing where there is none that we gave."""
    key = request.POST.get(FIELD, "") if request.method == "POST" else ""
    return "" if len(key) > FormUse.KEY_LENGTH or "\0" in key else key


def _place(response: HttpResponse) -> str:
    is_redirect = response.status_code in (302, 303)
    return response["Location"] if is_redirect else ""
