"""CSV files of units and people: decoded, split and checked, with nothing saved."""
