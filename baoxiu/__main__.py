"""The starter: `baoxiu`, `python -m baoxiu`. Imports nothing before it must, since server workers load it too."""

from __future__ import annotations

from importlib import import_module


def main() -> None:
    import_module("baoxiu.faces.console.commands").main()


if __name__ == "__main__":
    main()
