"""Terms: files in and out, matching, adherence."""
