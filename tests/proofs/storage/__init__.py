"""Attacks on what is stored: copied, killed, raced, full."""
