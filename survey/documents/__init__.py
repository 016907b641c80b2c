"""Values stored as JSON documents: their canonical form, the way back, their versions."""
