"""Forms of the diagnostics app; they validate only."""
