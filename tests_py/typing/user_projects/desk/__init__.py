"""Several strategies, a risk manager and a sweep, as a user's package."""
