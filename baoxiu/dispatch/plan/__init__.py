"""C4.3: the planning core."""
