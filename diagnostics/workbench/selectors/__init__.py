"""Reading analyses for their pages."""
