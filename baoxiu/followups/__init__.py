"""C4.6 and C4.7: both follow-ups, attempts, ratings, reopening."""
