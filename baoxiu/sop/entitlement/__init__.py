"""C3: what the customer is owed for one unit, place, date and set of facts, and why.

Pure: `engine.decide(claim, days)` looks at coverages and rules (typed data with plain functions) and
returns a `Verdict`. It knows no database, no clock, no price of work; it writes nothing.
"""
