"""Translation memory and jobs in SQLite."""
