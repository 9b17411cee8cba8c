"""C4.5: diagnosis, work, parts, replacement, test."""
