"""C4: reads of the spine; each starts from what the viewer may see."""

from baoxiu.cases.queries.case import allowed_steps, get, open_duties

__all__ = ["allowed_steps", "get", "open_duties"]
