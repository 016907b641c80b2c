"""Addresses of dossiers."""

from django.urls import path

from diagnostics.dossier import views

urlpatterns = [
    path("campaigns/<uuid:campaign_id>/dossier.pdf", views.send_dossier, name="campaign-dossier"),
]
