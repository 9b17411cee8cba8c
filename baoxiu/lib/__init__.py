"""Plain tools without a word of after-sales in them: money, numbering, phones, time, text."""
