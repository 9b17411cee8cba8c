"""The WSGI application that granian serves."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from baoxiu.faces.common.turns import Turns
from baoxiu.faces.console.process import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxiu.config.settings")
end_with_parent()
# a form may carry several files
application = Turns(get_wsgi_application(), largest_bytes=5 * settings.UPLOAD_BYTES + 2_000_000)
# every view is imported now, not with the first request; what is there now is never garbage
get_resolver().url_patterns  # noqa: B018
gc.set_threshold(20_000, 20, 50)
gc.collect()
gc.freeze()
