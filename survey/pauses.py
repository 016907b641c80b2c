"""How long to wait before what has failed is tried again."""

from datetime import timedelta


def doubling_pause(failures: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """Return the pause after some failures in a row: twice as long each time, up to the longest.

    >>> minute = timedelta(minutes=1)
    >>> pauses = (doubling_pause(n, first=minute, longest=10 * minute) for n in range(1, 7))
    >>> [pause // minute for pause in pauses]
    [1, 2, 4, 8, 10, 10]
    >>> doubling_pause(10_000, first=minute, longest=10 * minute) // minute
    10
    """
    # More doublings than reach the longest would at some time be beyond what a duration can hold.
    enough = (longest // first).bit_length()
    return min(first * 2 ** min(failures - 1, enough), longest)
