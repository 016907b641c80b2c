"""Addresses of result pages and reports."""

from django.urls import include, path

from diagnostics.downloads import views as downloads
from diagnostics.results.views import actions, notices
from diagnostics.results.views import pages as results
from diagnostics.results.views.home import home

app_name = "diagnostics"
urlpatterns = [
    path("", home, name="home"),
    path("workbench/", include("diagnostics.workbench.urls")),
    path("", include("diagnostics.methods.urls")),
    path("results/<uuid:campaign_id>/", results.show_company, name="company-detail"),
    path(
        "results/<uuid:campaign_id>/report.pdf",
        results.download_company_report,
        name="company-report",
    ),
    path(
        "results/<uuid:campaign_id>/leaders/tell/",
        notices.tell_leaders_of_results,
        name="leaders-tell",
    ),
    path(
        "results/<uuid:campaign_id>/reports/<slug:kind>.pdf",
        results.download_further_report,
        name="further-report",
    ),
    path("results/<uuid:campaign_id>/units/<uuid:unit_id>/", results.show_unit, name="unit-detail"),
    path(
        "results/<uuid:campaign_id>/units/<uuid:unit_id>/team-sheet/",
        results.show_team_sheet,
        name="team-sheet",
    ),
    path(
        "results/<uuid:campaign_id>/units/<uuid:unit_id>/report.pdf",
        results.download_unit_report,
        name="unit-report",
    ),
    path(
        "results/<uuid:campaign_id>/units/<uuid:unit_id>/actions/new/",
        actions.create_action,
        name="action-create",
    ),
    path(
        "results/<uuid:campaign_id>/units/<uuid:unit_id>/actions/<uuid:action_id>/",
        actions.edit_action,
        name="action-edit",
    ),
    path(
        "results/<uuid:campaign_id>/functions/",
        results.compare_functions,
        name="function-comparison",
    ),
    path("results/<uuid:campaign_id>/downloads/", downloads.show_downloads, name="download-list"),
    path(
        "results/<uuid:campaign_id>/downloads/<slug:kind>/make/",
        downloads.ask_for_download,
        name="download-request",
    ),
    path(
        "results/<uuid:campaign_id>/downloads/<slug:kind>.zip",
        downloads.send_download,
        name="download-open",
    ),
]
