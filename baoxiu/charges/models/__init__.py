"""C4.5: price lists, quotes and the customer's answers."""

from baoxiu.charges.models.bookings import Booking
from baoxiu.charges.models.prices import PriceItem, PriceList
from baoxiu.charges.models.quotes import Consent, Quote, QuoteEnd, QuoteLine

__all__ = ["Booking", "Consent", "PriceItem", "PriceList", "Quote", "QuoteEnd", "QuoteLine"]
