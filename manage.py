#!/usr/bin/env python
"""Run a Django command of the Rutin project."""

from diagnostics.__main__ import main

if __name__ == "__main__":
    main()
