"""How far what was found could be chance: expectations, permutations, other people, other cases."""
