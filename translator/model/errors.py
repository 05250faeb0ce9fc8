"""What can be wrong with a model's name or file."""


class UnknownSizeError(ValueError):
    """A name that does not say how many parameters the model has, or a quantisation that nobody knows."""


class ModelFileError(Exception):
    """A model file that cannot be read. The message names the file and what is wrong, `hint` what to do now."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
