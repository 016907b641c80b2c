"""Addresses of the whole site."""

from django.urls import include, path

urlpatterns = [
    path("", include("survey.respondent_urls")),
    path("preview/", include("survey.preview_urls", namespace="preview")),
    path("", include("survey.urls")),
    path("", include("diagnostics.results.urls")),
]
