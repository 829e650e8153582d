"""学记 Xueji: learning, spaced repetition and fair assessment for Party branches."""
