"""From files of answers and units to reports, without a database."""
