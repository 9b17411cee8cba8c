"""OpenAPI 3.1: every operation of the faces."""
