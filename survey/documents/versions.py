"""Versions of stored documents: each says what it is, and old ones are read as today's.

A stored document is {"kind": ..., "version": ..., "content": ...}. Documents from before there
were versions are a bare content; they count as version 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from survey.documents.plain_values import DocumentError, from_document, to_document

Content = TypeVar("Content")
# Takes the plain content of one version and returns that of the next; changes nothing in place.
Upgrade = Callable[[Any], Any]
FIRST: Final = 1
ENVELOPE: Final = frozenset({"kind", "version", "content"})
# What an upgrade raises where a document is not of the version that it claims to be.
MISFITS: Final = (DocumentError, KeyError, IndexError, TypeError, AttributeError, ValueError)


class UnreadableDocumentError(DocumentError):
    """A stored document is of a newer version than this code knows, or does not fit its own."""

    def __init__(self, kind: "DocumentKind[Any]", found: int | None, problem: str) -> None:
        super().__init__(problem)
        self.title = kind.title
        self.found = found  # None where even that cannot be told
        self.known = kind.version
        version = "a version that cannot be told" if found is None else f"version {found}"
        self.head = f"{kind.name}: {version}, where versions {FIRST} to {kind.version} are known"

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of the software stored it."""
        return self.found is not None and self.found > self.known

    def __str__(self) -> str:
        return f"{self.head}; at {self.where or 'the top'}: {self.problem}"


@dataclass(frozen=True, slots=True)
class DocumentKind(Generic[Content]):
    """One kind of stored document; its version is the number of its upgrades and one."""

    name: str  # as it is stored: stays for ever
    title: str  # as pages name it, still to be translated
    hint: Any  # the type of its content
    upgrades: tuple[Upgrade, ...] = ()  # from version 1 to 2, from 2 to 3, ...

    @property
    def version(self) -> int:
        """The version that is written today."""
        return FIRST + len(self.upgrades)

    def stored(self, content: Content) -> dict[str, Any]:
        """Return what is to be stored of a content."""
        return self.envelope(to_document(content))

    def envelope(self, content: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what is to be stored of a content that is plain already."""
        return {"kind": self.name, "version": self.version, "content": content}

    def read(self, document: Any) -> Content:  # noqa: ANN401
        """Return the content of a stored document of any known version.

        Raises UnreadableDocumentError for every other one; nothing of it is lost by that.
        """
        found, content = self._opened(document)
        try:
            for upgrade in self.upgrades[found - FIRST :]:
                content = upgrade(content)
            read: Content = from_document(self.hint, content)
        except DocumentError as error:
            raise self._unreadable(found, error) from error
        except MISFITS as error:
            # Their words may quote what was found.
            problem = DocumentError(
                f"expected to be brought up to date, met {type(error).__name__}"
            )
            raise self._unreadable(found, problem) from None
        return read

    def _opened(self, document: Any) -> tuple[int, Any]:  # noqa: ANN401
        """Return the version of a document and what it holds."""
        if not isinstance(document, Mapping) or not document.keys() >= ENVELOPE:
            return FIRST, document
        kind, version = document["kind"], document["version"]
        if type(version) is not int or version < FIRST:
            raise UnreadableDocumentError(self, None, "expected a version from 1 on")
        if kind != self.name:
            raise UnreadableDocumentError(self, version, "expected this kind, found another one")
        if version > self.version:
            raise UnreadableDocumentError(self, version, "expected a known version, found a newer")
        return version, document["content"]

    def _unreadable(self, found: int, error: DocumentError) -> UnreadableDocumentError:
        unreadable = UnreadableDocumentError(self, found, error.problem)
        unreadable.where = error.where.removeprefix(".")
        return unreadable
