"""An invented organisation whose answers show every kind of result; the same for the same seed."""
