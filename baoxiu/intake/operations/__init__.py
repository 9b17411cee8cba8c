"""C4.1: the verbs of intake: register a request, import a file of them."""

from baoxiu.intake.operations.imports import IMPORTER, Progress, import_rows
from baoxiu.intake.operations.register import register

__all__ = ["IMPORTER", "Progress", "import_rows", "register"]
