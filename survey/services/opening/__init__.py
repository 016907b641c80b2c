"""Close, passphrase, opening: from sealed ballots to a release."""
