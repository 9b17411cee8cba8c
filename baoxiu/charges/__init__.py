"""C4.5: quotes with lines and versions, the customer's consent."""
