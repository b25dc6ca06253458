"""Ways to run the same work on many sources: each offers `run`, shaped like `map`."""
