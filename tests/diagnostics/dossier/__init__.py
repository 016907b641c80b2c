"""Tests of the dossier of a campaign."""
