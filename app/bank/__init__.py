"""The question bank: sources and editions, kinds of question, marking, check, publishing."""
