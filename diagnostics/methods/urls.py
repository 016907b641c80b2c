"""Addresses of pattern sets and calibration rules."""

from django.urls import path

from diagnostics.methods.views import calibrations
from diagnostics.methods.views import choices as method_choice
from diagnostics.methods.views import definitions as methods

urlpatterns = [
    path("methods/", methods.list_methods, name="method-list"),
    path("methods/patterns/new/", methods.create_pattern_set, name="method-create"),
    path("methods/patterns/import/", methods.import_solution, name="method-import"),
    path("methods/patterns/<uuid:set_id>/", methods.show_method, name="method-detail"),
    path("methods/patterns/<uuid:set_id>/copy/", methods.copy_pattern_set, name="method-copy"),
    path(
        "methods/calibrations/<uuid:rule_id>/copy/",
        calibrations.copy_calibration,
        name="calibration-copy",
    ),
    path("campaigns/<uuid:campaign_id>/method/", method_choice.choose, name="method-choose"),
]
