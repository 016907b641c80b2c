"""What happens to a campaign from its launch to its close."""
