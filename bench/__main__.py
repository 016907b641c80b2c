"""Run benchmarks by name, each in a process of its own: python -m bench [NAME...]."""

import subprocess
import sys

ALWAYS = ("minimisation", "truth_table", "draws", "release_plan")  # where no name is given
NAMES = (*ALWAYS, "bundle", "pdf", "scoring", "survey", "workbench")


def main() -> None:
    """Run what is named, or say which names there are."""
    chosen = tuple(sys.argv[1:]) or ALWAYS
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        sys.exit(
            f"No such benchmark: expected one of {', '.join(sorted(NAMES))}, "
            f"found {', '.join(unknown)}."
        )
    for name in chosen:
        # Of its own, since some tell the most memory that their process has held.
        command = [sys.executable, "-m", f"bench.{name}"]
        code = subprocess.run(command, check=False).returncode  # noqa: S603 - our own modules
        if code:
            sys.exit(code)


if __name__ == "__main__":
    main()
