"""The command ``llmcomp``."""
