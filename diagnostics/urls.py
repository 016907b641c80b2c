"""Addresses of the whole site."""

from django.urls import include, path

ROOMS = [
    path("", include("diagnostics.results.urls")),
    path("", include("diagnostics.downloads.urls")),
    path("", include("diagnostics.methods.urls")),
    path("", include("diagnostics.measurement.urls")),
    path("workbench/", include("diagnostics.workbench.urls")),
]
urlpatterns = [
    path("", include("survey.respondent_urls")),
    path("preview/", include("survey.preview_urls", namespace="preview")),
    path("", include("survey.urls")),
    path("", include((ROOMS, "diagnostics"))),
]
