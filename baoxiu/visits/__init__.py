"""C4.4a: appointment, on the way, check-in, signature."""
