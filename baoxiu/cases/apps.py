from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "baoxiu.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's operations register themselves with the gate."""
        import_module("baoxiu.cases.operations")
