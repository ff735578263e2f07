"""Django as an ASGI application: all of Privet's paths but ``/t/``."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")

application = get_asgi_application()
