"""Where a request came from, as the platform sees it."""

from collections.abc import Collection
from ipaddress import ip_address

from starlette.requests import Request


def client_address(request: Request, trusted: Collection[str]) -> str:
    """The address of who asks; what a proxy says of it is believed only from a trusted one.

    Empty if it is no address at all, as with a socket of this machine.
    """
    peer = request.client.host if request.client else ""
    if peer in trusted:
        forwarded = request.headers.get("x-forwarded-for", "")
        peer = forwarded.rpartition(",")[2].strip() or peer
    try:
        return str(ip_address(peer))
    except ValueError:
        return ""
