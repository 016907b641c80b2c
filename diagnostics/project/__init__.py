"""The project itself: environment, checks, catalogues, logs, processes."""
