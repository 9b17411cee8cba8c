"""C4.2: symptom, entitlement, priority, the service type agreed with the customer."""
