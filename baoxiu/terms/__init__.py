"""C7: published procedures – immutable, in force from a day."""
