"""``python -m llmcomp.cli`` is the command ``llmcomp``."""

from .main import main

if __name__ == "__main__":
    main()
