"""Who gives a command, as far as the operating system knows."""

import os
import pwd

from survey.services.ledger import CommandLine


def shell_user() -> CommandLine:
    """Return the user whom the process belongs to, by name; by number where it has none.

    Not from the environment, which whoever gives the command can set to another name.
    """
    number = os.getuid()
    try:
        return CommandLine(pwd.getpwuid(number).pw_name)
    except KeyError:  # as in a container that runs under a number of its own
        return CommandLine(str(number))
