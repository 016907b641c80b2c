"""Views of forms that make something new: the same form handed in twice makes it once."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpResponse
from django.shortcuts import redirect

from survey.models import FormUse
from survey.services.form_uses import use_once
from survey.views.requests import StaffRequest

FIELD: Final = "form_key"
P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def saved_once(view: View[P]) -> View[P]:
    """Answer a form that was saved already with the page that followed then.

    A form without a key, from a page of an earlier version, is saved as it comes.
    """

    @wraps(view)
    def answer(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not key or len(key) > FormUse.KEY_LENGTH or "\0" in key:
            return view(request, *args, **kwargs)
        act = partial(view, request, *args, **kwargs)
        result = use_once(key=key, user=request.user, act=act, place_of=_place)
        return redirect(result) if isinstance(result, str) else result

    return answer


def _place(response: HttpResponse) -> str:
    is_redirect = response.status_code in (302, 303)
    return response["Location"] if is_redirect else ""
