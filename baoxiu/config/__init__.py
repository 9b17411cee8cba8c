"""Settings, root URLs, the WSGI application. Nobody imports it."""
