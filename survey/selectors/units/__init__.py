"""Reading units: as they stand, as a draft plans them, as a release tells them."""
