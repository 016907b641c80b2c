"""What can go wrong when a report is rendered; knows no renderer, so that anyone may import it."""


class RenderError(Exception):
    """A report could not be rendered."""
