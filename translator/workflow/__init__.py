"""A job from its input to its output: what the commands have in common."""
