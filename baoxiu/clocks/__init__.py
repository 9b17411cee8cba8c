"""C5.2: what happens when a clock warns or runs out, deriving clocks again, their ledger."""
