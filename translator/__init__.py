"""Translate games and novels with a model that runs on the user's own machine."""

__version__ = "0.2.0.dev0"
