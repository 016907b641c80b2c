"""Campaign keys: proved at every tick, missed aloud, destroyed in the end."""
