"""The answer to a form that was acted on."""

from django.http import HttpResponseRedirect

SEE_OTHER = 303


class SeeOther(HttpResponseRedirect):
    """Leads to a page, which the browser asks for with GET (RFC 9110, 15.4.4)."""

    status_code = SEE_OTHER
