"""Truth tables: cases sorted into rows, and rows coded by cut-offs."""
