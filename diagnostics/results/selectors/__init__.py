"""Reading stored results for whoever may see them."""
