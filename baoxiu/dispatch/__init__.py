"""C4.3: ranked suggestions, assign, accept, decline, reassign."""
