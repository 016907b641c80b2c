"""Where the folders beside the packages lie: in the repository or, once installed, in this one."""

from pathlib import Path
from typing import Final

PACKAGE_DIR: Final = Path(__file__).resolve().parents[1]
# The build lays templates/ and locale/ of the repository into this package.
IS_INSTALLED: Final = (PACKAGE_DIR / "templates").is_dir()
SOURCE_DIR: Final = PACKAGE_DIR if IS_INSTALLED else PACKAGE_DIR.parent
TEMPLATE_DIR: Final = SOURCE_DIR / "templates"
LOCALE_DIR: Final = SOURCE_DIR / "locale"
# What the product makes goes below this folder unless a setting names another: the repository or,
# since the folder of installed packages is no place for data, the one the product is started in.
BASE_DIR: Final = Path.cwd() if IS_INSTALLED else SOURCE_DIR
