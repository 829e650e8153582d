"""The shape of what pages of assign send, a chapter for each noun; no rules of the domain."""
