"""The contract that every format must pass, for our own tests and for those of other packages."""
