"""The room keeps no rows of its own: appointments stand on the work order, signatures in the journal."""
