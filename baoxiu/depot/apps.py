from importlib import import_module

from django.apps import AppConfig


class DepotConfig(AppConfig):
    name = "baoxiu.depot"
    label = "depot"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's operations register themselves with the gate."""
        import_module("baoxiu.depot.operations")
