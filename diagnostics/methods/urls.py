"""Addresses of pattern sets and calibration rules."""

from django.urls import path

from diagnostics.methods.views import calibrations, choices, definitions

urlpatterns = [
    path("methods/", definitions.list_methods, name="method-list"),
    path("methods/patterns/new/", definitions.create_pattern_set, name="method-create"),
    path("methods/patterns/import/", definitions.import_solution, name="method-import"),
    path("methods/patterns/<uuid:set_id>/", definitions.show_method, name="method-detail"),
    path("methods/patterns/<uuid:set_id>/copy/", definitions.copy_pattern_set, name="method-copy"),
    path(
        "methods/calibrations/<uuid:rule_id>/copy/",
        calibrations.copy_calibration,
        name="calibration-copy",
    ),
    path("campaigns/<uuid:campaign_id>/method/", choices.choose, name="method-choose"),
]
