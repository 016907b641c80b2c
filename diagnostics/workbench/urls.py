"""Addresses of the workbench."""

from django.urls import path

from diagnostics.workbench.views import analyses, checks, cuts, derived_patterns, files

urlpatterns = [
    path("", analyses.list_analyses, name="analysis-list"),
    path("matrices/new/", analyses.upload_matrix, name="matrix-upload"),
    path("matrices/example/", analyses.take_example, name="example-take"),
    path("matrices/<uuid:matrix_id>/", analyses.create_analysis, name="analysis-create"),
    path("campaigns/<uuid:campaign_id>/", analyses.analyse_campaign, name="campaign-analyse"),
    path(
        "pattern-sets/<uuid:set_id>/", derived_patterns.show_pattern_set, name="pattern-set-detail"
    ),
    path("compare/", analyses.compare_analyses, name="analysis-compare"),
    path("<uuid:analysis_id>/", analyses.show_analysis, name="analysis-detail"),
    path("<uuid:analysis_id>/start/", analyses.start_analysis, name="analysis-start"),
    path("<uuid:analysis_id>/cancel/", analyses.stop_analysis, name="analysis-cancel"),
    path("<uuid:analysis_id>/cuts/", cuts.try_cuts, name="analysis-cuts"),
    path("<uuid:analysis_id>/checks/", checks.show_checks, name="check-list"),
    path("<uuid:analysis_id>/checks/<slug:kind>/start/", checks.start_check, name="check-start"),
    path("<uuid:analysis_id>/checks/<slug:kind>/cancel/", checks.stop_check, name="check-cancel"),
    path("<uuid:analysis_id>/patterns/", derived_patterns.derive_patterns, name="pattern-derive"),
    path("<uuid:analysis_id>/files/", files.show_files, name="analysis-files"),
    path(
        "<uuid:analysis_id>/files/<slug:kind>/make/",
        files.ask_for_file,
        name="analysis-file-request",
    ),
    path(
        "<uuid:analysis_id>/files/<slug:kind>/cancel/",
        files.stop_file,
        name="analysis-file-cancel",
    ),
    path(
        "<uuid:analysis_id>/files/<slug:kind>/",
        files.send_file,
        name="analysis-file-open",
    ),
    path("<uuid:analysis_id>/copy/", analyses.copy_analysis, name="analysis-copy"),
    path("<uuid:analysis_id>/analysis.json", analyses.download_analysis, name="analysis-download"),
]
