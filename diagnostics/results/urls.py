"""Addresses of result pages and reports."""

from django.urls import path

from diagnostics.results.views import actions, notices, pages
from diagnostics.results.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("results/<uuid:campaign_id>/", pages.show_company, name="company-detail"),
    path("results/<uuid:campaign_id>/score/", pages.score_again, name="scoring-request"),
    path(
        "results/<uuid:campaign_id>/report.pdf",
        pages.download_company_report,
        name="company-report",
    ),
    path(
        "results/<uuid:campaign_id>/leaders/tell/",
        notices.tell_leaders_of_results,
        name="leaders-tell",
    ),
    path(
        "results/<uuid:campaign_id>/reports/<slug:kind>.pdf",
        pages.download_further_report,
        name="further-report",
    ),
    path(
        "results/<uuid:campaign_id>/reports/<uuid:report_id>/make/",
        pages.ask_for_report,
        name="report-request",
    ),
    path("results/<uuid:campaign_id>/units/<uuid:unit_id>/", pages.show_unit, name="unit-detail"),
    path(
        "results/<uuid:campaign_id>/units/<uuid:unit_id>/team-sheet/",
        pages.show_team_sheet,
        name="team-sheet",
    ),
    path(
        "results/<uuid:campaign_id>/units/<uuid:unit_id>/report.pdf",
        pages.download_unit_report,
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
        pages.compare_functions,
        name="function-comparison",
    ),
]
