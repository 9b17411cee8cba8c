"""Customers, staff, stations; who may do what (C9 least privilege)."""
