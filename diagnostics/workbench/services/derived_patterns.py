"""Publishing the configurations of a solution as the organisation's own pattern set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnostics.analyses.check_results import MatchingResult
from diagnostics.analyses.matching import configuration_of
from diagnostics.methods.services.definitions import save_pattern_set
from diagnostics.models import Analysis, PatternSet
from diagnostics.scoring.method import NamedPattern, PatternSetContent
from diagnostics.wording.numbers import figure
from diagnostics.workbench.selectors.analysis_pages import result_of
from qca.errors import NoPositiveRowError
from survey.models import Organisation, Origin, User


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A configuration of the chart and what a person calls it."""

    column: str  # its name in the chart
    code: str
    name: Mapping[str, str]  # language -> text
    summary: Mapping[str, str]


def derived_set(
    *,
    analysis: Analysis,
    by: User,
    title: str,
    note: str,
    terms: Sequence[NamedTerm],
    matching: MatchingResult,
) -> PatternSetContent:
    """Return the named configurations as the organisation's derived set, not numbered yet."""
    return PatternSetContent(
        code=f"derived-{analysis.organisation_id.hex[:12]}",
        version=0,
        title=title,
        origin=Origin.DERIVED,
        author=by.name or by.email,
        created_on=timezone.localdate().isoformat(),
        note="\n".join([note, *_provenance(analysis, matching, terms)]),
        patterns=tuple(_patterns(analysis, terms)),
    )


@transaction.atomic
def publish_derived_set(*, analysis: Analysis, content: PatternSetContent) -> PatternSet:
    """Store a derived set as the next version of the organisation's."""
    organisation = Organisation.objects.select_for_update().get(pk=analysis.organisation_id)
    versions = PatternSet.objects.filter(code=content.code)
    latest = versions.aggregate(latest=Max("version"))["latest"]
    saved = save_pattern_set(content=replace(content, version=(latest or 0) + 1))
    saved.organisation, saved.analysis = organisation, analysis
    saved.save(update_fields=["organisation", "analysis"])
    return saved


def _patterns(analysis: Analysis, terms: Sequence[NamedTerm]) -> Iterator[NamedPattern]:
    """A set must serve both functions together, so that no pattern is bound to one."""
    chart = result_of(analysis).chart
    if chart is None:
        raise NoPositiveRowError("expected a solution to publish, found none")
    columns = {column.name: column for column in chart.columns}
    for term in terms:
        configuration = configuration_of(columns[term.column], chart.conditions)
        yield NamedPattern(
            code=term.code,
            name=term.name,
            summary=term.summary,
            function="",
            required=configuration.required,
            core=configuration.core,
        )


def _provenance(
    analysis: Analysis, matching: MatchingResult, terms: Sequence[NamedTerm]
) -> Iterator[str]:
    found = {"analysis": str(analysis), "source": analysis.source_name, "digest": analysis.digest}
    yield _("Derived from analysis %(analysis)s of %(source)s (SHA-256 %(digest)s).") % found
    names = {term.column: term.name["en"] for term in terms}
    for term in matching.terms:
        if term.name not in names:
            continue
        likenesses = ", ".join(
            f"{one.pattern} {figure(one.coincidence)}" for one in term.likenesses[:2]
        )
        words = {"term": term.term, "name": names[term.name], "likenesses": likenesses}
        yield _("%(term)s is called %(name)s; set coincidence: %(likenesses)s.") % words
