"""What every fake stands on: an aiohttp application served on loopback."""

from aiohttp import web


async def served(app: web.Application, port: int = 0) -> tuple[web.AppRunner, str]:
    """Start it, on a free port unless one is named; what to clean up at the end, and its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"
