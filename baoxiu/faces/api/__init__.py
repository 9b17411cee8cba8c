"""OpenAPI 3.1: every operation of the faces, for machines. No rule lives here: it calls what the screens call."""
