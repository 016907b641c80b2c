"""What a reader is told about a result: sentences, charts and tables, alike on page and paper."""
