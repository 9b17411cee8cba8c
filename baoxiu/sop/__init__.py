"""The procedure and its rules as plain Python: no Django, no database, no clock.

Rooms ask it what may happen and what follows; it never acts.
"""
