"""Writing organisations: their founding, accounts, units and leaders."""
