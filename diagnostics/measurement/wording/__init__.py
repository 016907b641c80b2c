"""Scale properties and data quality in words."""
