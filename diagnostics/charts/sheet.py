"""The sheet that narrow charts are drawn on, in units of the view box."""

from typing import Final

WIDTH: Final = 320.0  # so that text of 14 stays readable on the smallest phone
LEFT: Final = 8.0
RIGHT: Final = 312.0
