"""Assessment: what people know, how sure we are, and how each figure came about."""
