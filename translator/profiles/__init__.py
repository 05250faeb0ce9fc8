"""Model families, their prompts and limits: one TOML file each."""
