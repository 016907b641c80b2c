"""Scale properties of a campaign's answers: reliability, factors, validity, agreement."""
