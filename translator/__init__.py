"""Translate games and novels with a model that runs on the user's own machine."""

__version__ = "0.1.0"
