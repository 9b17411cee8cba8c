"""What every serving process needs, read in before the first request.

`serve` imports this before it forks: the workers then share what is read here. No database connection is open.
"""

import gc
import os

import django
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxiu.config.settings")
django.setup()
get_resolver().url_patterns  # noqa: B018  imports every view
gc.set_threshold(20_000, 20, 50)
gc.collect()
gc.freeze()  # what is there now is never garbage
