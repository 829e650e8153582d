"""The deck to take along: questions, and a member's progress when asked for, as an Anki package."""
