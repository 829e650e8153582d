"""Measurements beside their ceilings, in one run, as ratios."""
