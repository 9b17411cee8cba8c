"""M4, C4.3: which parts lie in which van and in which stockroom. Counts for planning, not yet the ledger of M4."""
