"""Addresses of data quality and scale properties."""

from django.urls import path

from diagnostics.measurement import views

urlpatterns = [
    path("workbench/campaigns/<uuid:campaign_id>/scales/", views.show_scales, name="scale-study"),
    path(
        "workbench/campaigns/<uuid:campaign_id>/scales/start/",
        views.start_study,
        name="scale-study-start",
    ),
    path(
        "workbench/campaigns/<uuid:campaign_id>/scales/cancel/",
        views.stop_study,
        name="scale-study-cancel",
    ),
]
