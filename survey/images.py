"""Logos as pages and mails carry them: drawn anew, small, and nothing but a picture."""

import io
from typing import Final

from django.utils.translation import gettext
from PIL import Image, UnidentifiedImageError

from survey.errors import InputError

MOST_BYTES: Final = 1024 * 1024  # of the uploaded file
MOST_PIXELS: Final = 4096  # of either side, before anything is unpacked
BOX: Final = (480, 96)  # pixels; twice the size it is shown in, for sharp screens
MOST_DRAWN_BYTES: Final = 32 * 1024  # so that a page stays under 100 kB
FORMATS: Final = ("PNG", "JPEG")
COLOURS: Final = (256, 64, 16)  # tried in this order until the file is small enough


def redraw_logo(content: bytes) -> bytes:
    """Return the picture as a small PNG that holds its points only; raises InputError.

    What else a file may carry (position, comments, appended data) is not drawn and so is gone.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if max(picture.size) > MOST_PIXELS:
                raise InputError(
                    gettext(
                        "Logo: expected at most %(most)d pixels a side, "
                        "found %(width)d x %(height)d."
                    )
                    % {"most": MOST_PIXELS, "width": picture.width, "height": picture.height}
                )
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InputError(
            gettext("Logo: expected a PNG or JPEG picture, found something else.")
        ) from error
    drawn.thumbnail(BOX)
    return _small_png(drawn)


def _small_png(picture: Image.Image) -> bytes:
    content = _png(picture)
    for colours in COLOURS:
        if len(content) <= MOST_DRAWN_BYTES:
            break
        content = _png(picture.quantize(colours, method=Image.Quantize.FASTOCTREE))
    return content


def _png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
