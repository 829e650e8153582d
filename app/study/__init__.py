"""Study: cards, memory, the queue of due questions, reviews and what they show."""
