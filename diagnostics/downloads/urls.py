"""Addresses of downloads."""

from django.urls import path

from diagnostics.downloads import views

urlpatterns = [
    path("results/<uuid:campaign_id>/downloads/", views.show_downloads, name="download-list"),
    path(
        "results/<uuid:campaign_id>/downloads/<slug:kind>/make/",
        views.ask_for_download,
        name="download-request",
    ),
    path(
        "results/<uuid:campaign_id>/downloads/<slug:kind>/cancel/",
        views.stop_download,
        name="download-cancel",
    ),
    path(
        "results/<uuid:campaign_id>/downloads/<slug:kind>.zip",
        views.send_download,
        name="download-open",
    ),
]
