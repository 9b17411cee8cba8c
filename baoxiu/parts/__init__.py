"""M4, C4.3: which parts lie in which van and stockroom, what of them is kept for cases, and the ledger that says why."""
