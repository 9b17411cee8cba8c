"""C4.1: one registration operation for every channel, duplicate hints, file import."""
