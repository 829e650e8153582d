"""Running the site: set-up at start, demonstration data."""
