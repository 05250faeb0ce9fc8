"""`python -m translator.cli` is `translate`."""

from translator.cli import main

if __name__ == "__main__":
    main()
