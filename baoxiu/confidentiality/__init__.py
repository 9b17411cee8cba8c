"""C9: who saw what of a customer, when and why. It does not decide who may: that stands in the queries of each room."""
