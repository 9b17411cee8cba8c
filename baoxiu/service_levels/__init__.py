"""C5.2: calendars, day tables and levels as published books, and the contracts that levels ask for. Knows no case."""
