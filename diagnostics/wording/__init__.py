"""What all rooms say alike: verdicts, names, advice and failures, in words."""
