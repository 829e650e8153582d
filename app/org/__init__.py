"""Units of the Party's tree and the people who belong to them."""
