"""Which mailbox an address reaches: what mail servers leave out when they deliver is left out.

For counting only: a mail goes to the address as it was typed.
"""

from typing import Final

# What begins the part that a server leaves out, RFC 5233; other signs, as "-", stand in names too.
FOLDING: Final = "+"
# Google delivers without regard to dots, at these domains alone, and calls the second the first.
DOTLESS: Final = "gmail.com"
DOTLESS_TOO: Final = "googlemail.com"


def folded_address(address: str) -> str:
    """Return the mailbox of an address in the form in which it is sent.

    >>> folded_address("anna+survey@example.com"), folded_address("an.na+1@googlemail.com")
    ('anna@example.com', 'anna@gmail.com')
    >>> folded_address("+1@example.com"), folded_address("an.na@example.com")
    ('+1@example.com', 'an.na@example.com')
    """
    name, _at, domain = address.rpartition("@")
    name = name.partition(FOLDING)[0] or name
    if domain in {DOTLESS, DOTLESS_TOO}:
        name, domain = name.replace(".", ""), DOTLESS
    return f"{name}@{domain}"
