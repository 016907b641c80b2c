"""Proof 6: names and texts that are code, on every page and in every report that shows them."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.models import (
    Action,
    Analysis,
    Assessment,
    CalibrationRule,
    Pattern,
    PatternSet,
    Report,
    UnitAssessment,
    UploadedMatrix,
)
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.services.files import queue_reports, render_reports
from survey.models import (
    Campaign,
    CampaignUnit,
    InstrumentVersion,
    Invitation,
    Membership,
    Message,
    Organisation,
    Recipient,
    Role,
    Unit,
    UnitReport,
    User,
)
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.workbench.test_analysis_pages import CHOICES, upload
from tests.proofs.crawl import dossiers_as_markup, without_contexts
from tests.proofs.figures import Figure, Size, exactly
from tests.qca.lipset import lipset
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import organisation_with_manager

OK = 200  # status of a page
OPENINGS = ("<script>", "<img src=x onerror=", "<svg onload=", '"><b>', "'><i>", "</title><u>",
            "</textarea><s>", "<iframe src=javascript:", "{{ 7*7 }}<em>", "&lt;<q>")  # fmt: skip
LANGUAGES = {"en", "fi", "sv", "de"}
TYPED: dict[type[Model], tuple[str, ...]] = {
    Organisation: ("name",), User: ("name",), Unit: ("name",), CampaignUnit: ("name",),
    Recipient: ("name",), UnitReport: ("text",), Message: ("last_error",),
    Campaign: ("name", "controller", "contact", "purpose", "background_purpose",
               "council_reference", "logo_alternative", "mail_signature"),
    InstrumentVersion: ("title", "author", "note"),
    PatternSet: ("title", "author", "note"), CalibrationRule: ("title", "author", "note"),
    UploadedMatrix: ("name",), Analysis: ("title",), Action: ("text", "owner"),
}  # fmt: skip
STORED: dict[type[Model], tuple[str, ...]] = {
    InstrumentVersion: ("content",), Pattern: ("name", "summary"),
    Assessment: ("method", "company"), UnitAssessment: ("result",),
}  # fmt: skip


def measure(size: Size) -> list[Figure]:
    """Put code into every name and text; each page and report keeps the elements it has without."""
    codes = list(_codes(size.of(20, 250)))
    unescaped = sum(elements_of(f'<p title="{code}">{code}</p>') != ["p"] for code in codes)
    answering, results = _Answering.opened(), _Results.stored()
    return [
        exactly("pieces of code that a page which escapes nothing runs", unescaped, len(codes)),
        _changed("pages of respondents and managers", answering, codes),
        _changed("pages of results and reports", results, codes[:: size.of(2, 10)]),
    ]


def _codes(number: int) -> Iterator[str]:
    for place in range(number):
        yield f"{OPENINGS[place % len(OPENINGS)]}alert({place})>{secrets.token_hex(2)}"


def _changed(what: str, scene: "_Answering | _Results", codes: Sequence[str]) -> Figure:
    """Count what a browser would make anything else of than of the same page with plain names."""
    plain = scene.elements("Plain")
    strange = 0
    for code in codes:
        found = scene.elements(code)
        strange += sum(one != expected for one, expected in zip(found, plain, strict=True))
    return exactly(f"{what}, of {len(plain) * len(codes):,}, changed by code in names", strange, 0)


class _Elements(HTMLParser):
    """Collect what a browser would make of a page: elements, and attributes that run code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its event handlers."""
        self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on")]


def elements_of(page: str) -> list[str]:
    """Return all elements of a page, in order.

    >>> elements_of("<p>a &lt;b&gt;</p>")
    ['p']
    """
    parser = _Elements()
    parser.feed(page)
    return parser.found


def _opened(client: Client, path: str) -> list[str]:
    with without_contexts(), dossiers_as_markup():
        answer = client.get(path)
    if answer.status_code != OK:
        raise AssertionError(f"{path}: expected a page, found {answer.status_code}")
    return elements_of(answer.content.decode())


def _write(code: str) -> None:
    """Put a text into every column that somebody's typing reaches."""
    for model, names in TYPED.items():
        columns = [(name, model._meta.get_field(name)) for name in names]
        model._default_manager.update(
            **{name: code[: getattr(column, "max_length", None)] for name, column in columns}
        )


@dataclass(frozen=True, slots=True)
class _Answering:
    """An open campaign, seen by its manager and by somebody who answers."""

    staff: Client
    guest: Client
    campaign: Campaign

    @classmethod
    def opened(cls) -> "_Answering":
        """Open the campaign."""
        organisation, manager = organisation_with_manager()
        small = open_small_campaign(invitations=1)
        small.campaign.organisation = organisation
        small.campaign.save()
        UnitReport.objects.create(invitation=Invitation.objects.get(), text="elsewhere")
        staff, guest = Client(), Client()
        staff.force_login(manager)
        guest.get(f"/s/{small.tokens[0]}")
        return cls(staff, guest, small.campaign)

    def elements(self, code: str) -> list[list[str]]:
        """Return the elements of every page once all names are this code."""
        _write(code)
        overview = f"/campaigns/{self.campaign.pk}/"
        units = f"/organisations/{self.campaign.organisation_id}/units/"
        seen = ["/", "/campaigns/", overview, f"{overview}stored/", f"{overview}people/",
                f"{overview}codes/", f"{overview}dossier.pdf", units]  # fmt: skip
        pages = [*((self.staff, path) for path in seen),
                 *((self.guest, path) for path in ("/answer/", "/answer/1/"))]  # fmt: skip
        return [_opened(client, path) for client, path in pages]


@dataclass(frozen=True, slots=True)
class _Results:
    """A released campaign with an analysis, seen by somebody who has every role in it."""

    reader: Client
    analyst: Client  # an account of its own: nobody reads answers and figures of units
    example: StoredExample
    analysis: Analysis
    documents: dict[Model, dict[str, Any]]  # what is stored as JSON, before any code
    known: frozenset[str]  # names that stand inside it

    @classmethod
    def stored(cls) -> "_Results":
        """Store the campaign, an action on it and an analysis."""
        example = store_example()
        campaign, oulu = example.campaign, example.units["oulu"]
        user = example.person("all@example.com", role=Role.EXECUTIVE, leads="oulu")
        Membership.objects.create(organisation=campaign.organisation, user=user, role=Role.MANAGER)
        reader, analyst = Client(), Client()
        reader.force_login(user)
        analyst.force_login(example.person("ann@example.com", role=Role.ANALYST))
        matrix = upload(analyst, lipset().to_csv(), campaign.organisation)
        if matrix is None:
            raise AssertionError("Matrix: expected it to be kept, found none.")
        analyst.post(reverse("diagnostics:analysis-create", args=[matrix.pk]), CHOICES)
        Action.objects.create(unit=oulu, element="AG", text="meet", owner="me",
                              due_on=date.max, created_at=timezone.now())  # fmt: skip
        documents = {
            row: {name: getattr(row, name) for name in names}
            for model, names in STORED.items()
            for row in model._default_manager.all()
        }
        known = {unit.name for unit in example.units.values()}
        for titled in (PatternSet.objects, CalibrationRule.objects):
            known |= set(titled.values_list("title", flat=True))
        return cls(reader, analyst, example, Analysis.objects.get(), documents, frozenset(known))

    def elements(self, code: str) -> list[list[str]]:
        """Return the elements of every page and report once all names are this code."""
        Report.objects.all().delete()  # those of the reading before would say that they failed
        _write(code)
        for row, document in self.documents.items():
            for name, value in document.items():
                setattr(row, name, self._spoken(value, code))
            row.save(update_fields=list(document))
        InstrumentVersion.objects.update(digest=secrets.token_hex(32))  # else it is not read again
        return [
            *(_opened(self.reader, path) for path in self._paths()),
            *(_opened(self.analyst, path) for path in self._paths_of_analyst()),
            *self._reports(),
        ]

    def _spoken(self, value: Any, code: str) -> Any:  # noqa: ANN401 - JSON has no types
        """Return a document with code for every name that it holds and every text by language."""
        if isinstance(value, dict):
            is_text = bool(value) and set(value) <= LANGUAGES
            return {
                key: _typed(one, code)
                if is_text and isinstance(one, str | list)
                else self._spoken(one, code)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self._spoken(one, code) for one in value]
        return code if isinstance(value, str) and value in self.known else value

    def _paths(self) -> list[str]:
        campaign, unit = self.example.campaign.pk, self.example.units["oulu"].pk
        chosen = PatternSet.objects.get(assessment__campaign=campaign).pk
        of_campaign = ("company-detail", "download-list")
        of_unit = ("unit-detail", "team-sheet", "action-create")
        return [
            *(reverse(f"diagnostics:{name}") for name in ("home", "method-list")),
            reverse("diagnostics:method-detail", args=[chosen]),
            reverse("diagnostics:method-copy", args=[chosen]),
            *(reverse(f"diagnostics:{name}", args=[campaign]) for name in of_campaign),
            *(reverse(f"diagnostics:{name}", args=[campaign, unit]) for name in of_unit),
        ]

    def _paths_of_analyst(self) -> list[str]:
        of_analysis = ("analysis-detail", "analysis-copy", "analysis-cuts", "check-list",
                       "analysis-files")  # fmt: skip
        return [
            reverse("diagnostics:analysis-list"),
            reverse("diagnostics:scale-study", args=[self.example.campaign.pk]),
            *(reverse(f"diagnostics:{name}", args=[self.analysis.pk]) for name in of_analysis),
        ]

    def _reports(self) -> list[list[str]]:
        """Return the elements of what every report is rendered from."""
        assessment = self.example.assessment
        if assessment is None:
            raise AssertionError("Example: expected it to be scored, found no assessment.")
        queue_reports(assessment_id=assessment.pk)
        found: list[list[str]] = []

        def read(markups: Iterable[str]) -> Iterator[RenderError]:
            for markup in markups:
                found.append(elements_of(markup))
                yield RenderError("read, not rendered")

        with patch("diagnostics.reports.services.files.shared_pool") as pool:
            pool.return_value.render_each = read
            render_reports(assessment_id=assessment.pk)
        return found


def _typed(value: Any, code: str) -> Any:  # noqa: ANN401 - JSON has no types
    """Return code in the shape of a text or of a list of texts; braces would be its syntax."""
    safe = code.replace("{", "(").replace("}", ")")
    return [safe] * len(value) if isinstance(value, list) else safe
