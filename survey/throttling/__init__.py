"""Slowing down whoever guesses links or passwords."""
