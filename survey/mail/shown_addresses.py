"""E-mail addresses as people read them: domains in their own letters, not as they are sent."""

from typing import Final

ENCODED: Final = "xn--"  # how an encoded part of a domain begins, RFC 5890, section 2.3.1


def shown_address(address: str) -> str:
    """Return an address with a readable domain, or as it is stored where that says it all.

    >>> shown_address("anna@xn--bcher-kva.example"), shown_address("anna@example.com")
    ('anna@bücher.example', 'anna@example.com')
    """
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{shown_domain(domain)}"


def shown_domain(domain: str) -> str:
    """Return a domain in its own letters, or as it is stored where that says it all."""
    if not any(label.startswith(ENCODED) for label in domain.lower().split(".")):
        return domain
    return ".".join(map(_shown_label, domain.split(".")))


def _shown_label(label: str) -> str:
    """Return a part of a domain in its letters, if they lead back to the very same part."""
    try:
        letters = label.encode("ascii").decode("idna")
        is_same = letters.encode("idna").decode("ascii") == label.lower()
    except UnicodeError:
        return label
    return letters if is_same and letters.isprintable() else label
