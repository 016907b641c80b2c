"""What the pages of deriving and of a derived pattern set show."""

from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.analyses.check_results import MatchingResult
from diagnostics.methods.selectors.choices import element_names
from diagnostics.methods.selectors.definitions import pattern_set_content
from diagnostics.methods.wording.pattern_sets import pattern_set_figure
from diagnostics.models import Analysis, AnalysisCheck, PatternSet
from diagnostics.scoring.method import NamedPattern, PatternSetContent
from diagnostics.wording.page_parts import ConfigurationFigure
from diagnostics.workbench.selectors.checks import CheckEntry, check_entry, matching_of
from diagnostics.workbench.wording.matching import MatchLine, match_lines


@dataclass(frozen=True, slots=True)
class DerivePage:
    """The match of an analysis' configurations with named patterns."""

    analysis: Analysis
    entry: CheckEntry
    matching: MatchingResult | None
    known: Mapping[str, NamedPattern]
    compared: str  # the set whose names are offered
    lines: tuple[MatchLine, ...]


@dataclass(frozen=True, slots=True)
class PatternSetPage:
    """One pattern set."""

    pattern_set: PatternSet
    content: PatternSetContent
    figure: ConfigurationFigure


def derive_page(analysis: Analysis, *, language: str) -> DerivePage:
    """Return the match, if it has been made, with the patterns by their codes."""
    entry = check_entry(analysis, AnalysisCheck.Kind.MATCHING)
    matching = matching_of(analysis)
    if matching is None:
        return DerivePage(analysis, entry, None, {}, "", ())
    compared = PatternSet.objects.get(pk=matching.pattern_set)
    content = pattern_set_content(compared)
    known = {one.code: one for one in content.for_function(analysis.function)}
    lines = match_lines(matching, known, language=language)
    return DerivePage(analysis, entry, matching, known, str(compared), lines)


def pattern_set_page(pattern_set: PatternSet, *, language: str) -> PatternSetPage:
    """Return a pattern set with its chart."""
    content = pattern_set_content(pattern_set)
    figure = pattern_set_figure(content, language=language, element_names=element_names())
    return PatternSetPage(pattern_set, content, figure)
