"""From released figures to diagnoses of units: qca's array functions put to work, no Django."""
