"""The overview: what the signed-in user may do and see."""

from django.http import HttpResponse
from django.shortcuts import render

from diagnostics.results.selectors.overview import overview_of
from survey.views.requests import StaffRequest


def home(request: StaffRequest) -> HttpResponse:
    """Show the campaigns and results within the user's reach."""
    return render(request, "results/home.html", {"overview": overview_of(request.user)})
