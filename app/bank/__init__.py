"""Questions: sources and editions, kinds, marking, check, publication and reports."""
