"""From markup to a tagged PDF, in processes of its own."""
