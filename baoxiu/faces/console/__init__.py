"""The baoxiu command."""
