"""The dossier of a campaign for works council and data protection: all that is to be agreed on."""
