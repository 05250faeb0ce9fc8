"""Models on this machine: what they need, what they are."""
