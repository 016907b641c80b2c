"""The faults of `make faults`: the running product, what befalls it, what is counted."""
