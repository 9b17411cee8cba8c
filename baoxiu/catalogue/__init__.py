"""C2: models and units – what a case is about."""
