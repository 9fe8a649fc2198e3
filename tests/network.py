"""The network guard: whoever runs this module can reach nobody beyond loopback, and uses no proxy on the way."""

import ipaddress
import os
import sys

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost,::1"


class BeyondLoopback(RuntimeError):
    """A test tried to reach somebody outside this machine."""


def _is_loopback(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _guard(event: str, args: tuple[object, ...]) -> None:
    """Stops httpx, requests and aiohttp; not libraries in C (libpq), and a child process needs its own."""
    if event == "socket.connect":
        address = args[1]
        host: object = address[0] if isinstance(address, tuple) else None  # a path is a unix socket
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if not _is_loopback(host):
        raise BeyondLoopback(f"{event}: {host!r}")


sys.addaudithook(_guard)
