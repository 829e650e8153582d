"""One sentence for every figure: what it means, how it is worked out, and from what."""
