"""The site in a real browser, against the production server."""
