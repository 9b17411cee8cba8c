"""C6.2: oversight – figures and conformance folded from the journal, breaches told up the chain.

It reads what happened; it never moves a case.
"""
