"""The room keeps no rows: what it finds stands in the journal, the decision in `cases.decisions`."""
