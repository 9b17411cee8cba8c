"""`baoxiu demo`: a company at work, played through the real operations."""

from baoxiu.faces.console.demo.start import run

__all__ = ["run"]
