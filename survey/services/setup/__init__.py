"""Writing drafts: their steps, files, questionnaires and test mails."""
