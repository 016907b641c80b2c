"""A pattern set as a chart with words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from diagnostics.charts.configuration import configuration_chart
from diagnostics.scoring.method import NamedPattern, PatternSetContent
from diagnostics.wording.definition_titles import shipped_text
from diagnostics.wording.glossary import text_in
from diagnostics.wording.page_parts import ConditionRow, ConfigurationFigure


def pattern_set_figure(
    content: PatternSetContent, *, language: str, element_names: Mapping[str, str] | None = None
) -> ConfigurationFigure:
    """Return what every pattern of a set asks for; elements without a name keep their code."""
    patterns = content.for_function()
    names = {entry.code: text_in(entry.name, language) for entry in patterns}
    known = element_names or {}
    required = dict.fromkeys(name for entry in patterns for name in entry.required)
    elements = [code for code in known if code in required]  # in the order of every other chart
    elements += [code for code in required if code not in known]
    shown = {code: known.get(code, code) for code in elements}
    return ConfigurationFigure(
        chart=configuration_chart(
            patterns=[entry.pattern for entry in patterns],
            pattern_names=names,
            element_names=shown,
            element_memberships={},
            pattern_memberships={},
            leading=None,
        ),
        title=_("What each pattern of %(set)s asks for") % {"set": shipped_text(content.title)},
        description="; ".join(
            f"{names[entry.code]}: {entry.pattern.expression}" for entry in patterns
        ),
        caption=_(
            "Large circle: core. Small circle: supporting. Crossed circle: must be absent. Blank: "
            "does not matter."
        ),
        patterns=tuple(names.values()),
        rows=tuple(
            ConditionRow(shown[name], tuple(_asked(entry, name) for entry in patterns), "")
            for name in elements
        ),
        totals=(),
        unit_label="",
        totals_label="",
    )


def _asked(entry: NamedPattern, element: str) -> str:
    if element not in entry.required:
        return _("does not matter")
    words = {
        (True, True): _("present, core"),
        (True, False): _("present, supporting"),
        (False, True): _("absent, core"),
        (False, False): _("absent, supporting"),
    }
    return words[entry.required[element], element in entry.core]
