"""The pages of a campaign's set-up."""
