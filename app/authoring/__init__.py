"""Making questions: files brought in, drafts of a unit, approval, and the bank to look through."""
