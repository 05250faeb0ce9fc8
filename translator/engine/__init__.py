"""Plan, prompt, complete, reply, check, repair."""
