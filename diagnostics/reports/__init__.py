"""Reports on paper: their markup, their rendering, their files."""
