"""Results of a campaign: scored, told, followed by actions."""
