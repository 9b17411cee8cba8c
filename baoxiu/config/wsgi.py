"""The WSGI application that granian serves."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

import baoxiu.config.loaded  # noqa: F401
from baoxiu.faces.common.turns import Turns
from baoxiu.faces.console.process import end_with_parent

end_with_parent()
# a form may carry several files
application = Turns(WSGIHandler(), largest_bytes=5 * settings.UPLOAD_BYTES + 2_000_000)
