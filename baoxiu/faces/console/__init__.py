"""The `baoxiu` command: serve, demo, import, verify, back up, restore, export, invite, send.

Each command is declared in `commands` and does its work in a module of its own, loaded when it is called.
"""
