from importlib import import_module

from django.apps import AppConfig


class RepairConfig(AppConfig):
    name = "baoxiu.repair"
    label = "repair"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's operations register themselves with the gate."""
        import_module("baoxiu.repair.operations")
