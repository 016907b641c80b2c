"""The analyst's workbench: matrices, analyses, their checks and files."""
