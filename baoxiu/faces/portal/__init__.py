"""客户端: request, track, consent, rate; no account."""
