"""Completes the tags that WeasyPrint writes: headings of tables, and what is no content."""

from collections.abc import Iterator
from typing import Any, Final

import pydyf

HEADING: Final = "/TH"
COLUMNS: Final = "/THead"  # its headings stand above columns, those of a body beside rows


def complete_tags(document: object, pdf: pydyf.PDF) -> None:
    """Finish a tagged PDF before it is written; the arguments are those of WeasyPrint's finisher.

    Every table heading says whether it heads a row or a column, cells find theirs by the tree of
    identifiers, and running heads and feet are artifacts.
    Source: ISO 14289-1 (PDF/UA-1), 7.1 and 7.5; ISO 32000-1, 14.7.2 and 14.8.2.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    elements = list(_elements(pdf, root))
    for element in elements:
        if element["S"] == HEADING:
            element["A"]["Scope"] = _scope(pdf, element)
    named = {element["ID"].string: element for element in elements if "ID" in element}
    if named:
        root["IDTree"] = pydyf.Dictionary({"Names": _names(named)})
    for number, reference in enumerate(pdf.page_references):
        page = _object(pdf, reference)
        marks = {
            kid
            for element in elements
            if element["Pg"] == reference
            for kid in element["K"]
            if isinstance(kid, int)
        }
        _mark_artifacts(_object(pdf, page["Contents"]), marks)
        _forget(_object(pdf, root["ParentTree"]), number, marks)


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:  # noqa: ANN401 - pydyf's objects have no types
    return pdf.objects[int(reference.split()[0])]


def _elements(pdf: pydyf.PDF, root: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield every structure element that hangs on the tree."""
    waiting = list(root["K"])
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, int):
            continue
        element = _object(pdf, kid)
        if element.get("Type") == "/StructElem" and "Pg" in element:
            yield element
        waiting.extend(element.get("K", ()))


def _scope(pdf: pydyf.PDF, heading: Any) -> str:  # noqa: ANN401
    group = _object(pdf, _object(pdf, heading["P"])["P"])
    return "/Column" if group["S"] == COLUMNS else "/Row"


def _names(named: dict[str, Any]) -> pydyf.Array:
    ordered = sorted(named.items(), key=lambda entry: entry[0].encode())
    return pydyf.Array(
        part for name, element in ordered for part in (pydyf.String(name), element.reference)
    )


def _mark_artifacts(stream: pydyf.Stream, marks: set[int]) -> None:
    """Turn marked content that no element holds, which is that of the margins, into artifacts."""
    parts = stream.stream
    for place in range(1, len(parts) - 1):
        if parts[place + 1] == b"BDC" and parts[place].get("MCID") not in marks:
            parts[place - 1] = "/Artifact"
            parts[place] = pydyf.Dictionary({"Type": "/Pagination"})


def _forget(parents: Any, page: int, marks: set[int]) -> None:  # noqa: ANN401
    """Drop the elements of artifacts from the page's way back to the tree."""
    entries = parents["Nums"][2 * page + 1]
    for place in range(len(entries)):
        if place not in marks:
            entries[place] = "null"
