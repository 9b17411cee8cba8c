"""What every serving process needs, read in before the first request.

`serve` imports this before it forks: the workers then share what is read here. No database connection is open.
"""

import gc
import os
import threading

import django
from django.core.handlers.wsgi import WSGIHandler
from django.urls import base, get_resolver
from django.utils.translation import trans_real

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxiu.config.settings")
django.setup()
get_resolver().url_patterns  # noqa: B018  imports every view
# one thread makes the answers, without an event loop: its language and addresses need no more than this
trans_real._active = threading.local()  # type: ignore[assignment]
base._urlconfs = threading.local()  # type: ignore[assignment]
handler = WSGIHandler()  # and every middleware, with the list of static files
gc.set_threshold(5_000, 10, 10)
gc.collect()
gc.freeze()  # what is there now is never garbage
