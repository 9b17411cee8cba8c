"""C4.1: sends what the outbox holds, in the customer's language."""
