"""Tables for spreadsheets and statistics programs, from what the disclosure gate lets through."""
