"""The WSGI application that granian serves."""

from django.conf import settings

from baoxiu.config.loaded import handler, idleness
from baoxiu.faces.common.turns import Turns
from baoxiu.faces.console.process import end_with_parent

end_with_parent()
# a form may carry several files
application = Turns(handler, largest_bytes=5 * settings.UPLOAD_BYTES + 2_000_000, idleness=idleness)
