"""What each audience sees. No rule lives here."""
