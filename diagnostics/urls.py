"""Addresses of the whole site."""

from django.urls import include, path

ROOMS = [
    path("", include("diagnostics.results.urls")),
    path("", include("diagnostics.downloads.urls")),
    path("", include("diagnostics.methods.urls")),
    path("", include("diagnostics.dossier.urls")),
    path("", include("diagnostics.measurement.urls")),
    path("workbench/", include("diagnostics.workbench.urls")),
]
handler400 = "survey.large_bodies.refuse"
urlpatterns = [
    path("", include("survey.urls.respondent")),
    path("preview/", include("survey.urls.preview", namespace="preview")),
    path("", include("survey.urls.staff")),
    path("", include((ROOMS, "diagnostics"))),
]
