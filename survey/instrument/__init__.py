"""The questionnaire as data: content, its checks and its files."""
