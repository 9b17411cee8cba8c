"""C2: customers register what they bought, with their proof; somebody looks before it stands on record.

The row lies in `catalogue`, for messages and files name it too. Warranty dates are derived from the unit, never typed.
"""
