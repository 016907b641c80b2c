"""What a draft must be before it may be launched."""
