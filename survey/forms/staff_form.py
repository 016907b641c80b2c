"""The one look of staff forms: fields only, the page brings form tag, token and buttons."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout


class StaffFormHelper(FormHelper):
    """A helper for forms inside a page's own form tag."""

    def __init__(self, layout: Layout | None = None) -> None:
        super().__init__()
        self.form_tag = False
        self.disable_csrf = True
        self.layout = layout
