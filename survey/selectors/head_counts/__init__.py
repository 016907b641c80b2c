"""How many people a campaign plans with, and the second person who confirms it."""
