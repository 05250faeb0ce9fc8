"""What is looked at in every translation: one module each, which registers itself by exporting CHECK."""
