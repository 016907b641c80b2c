"""Forms of the workbench."""
