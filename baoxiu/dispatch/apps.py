from importlib import import_module

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "baoxiu.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's operations register themselves with the gate."""
        import_module("baoxiu.dispatch.operations")
