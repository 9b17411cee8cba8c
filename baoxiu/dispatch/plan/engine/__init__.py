"""The compiled search: ruin and recreate over routes, in numba. Imported by workers only; a page never needs it."""
