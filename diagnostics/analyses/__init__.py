"""The workbench's analyses: recipes, uploaded matrices, and what qca makes of them."""
