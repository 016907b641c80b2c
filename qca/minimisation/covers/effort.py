"""What a search for covers may spend, and which limit stopped it."""


class Effort:
    """Limits of a search; `stopped` says in words which of them ended it.

    Examples
    --------
    >>> effort = Effort(model_limit=10, step_limit=100)
    >>> effort.allows(found=0, steps=101), effort.stopped
    (False, 'stopped after 100 steps in one part of the chart')
    """

    def __init__(self, model_limit: int, step_limit: int) -> None:
        self.model_limit = model_limit
        self.step_limit = step_limit
        self.steps = 0
        self.stopped = ""

    def allows(self, found: int, steps: int) -> bool:
        """Spend steps, given how much was found so far; False once a limit is reached."""
        self.steps += steps
        if found >= self.model_limit:
            self.stopped = f"stopped after {self.model_limit} models in one part of the chart"
        elif self.steps > self.step_limit:
            self.stopped = f"stopped after {self.step_limit} steps in one part of the chart"
        return not self.stopped
