"""A client that keeps a server busy: some connections, each sending its next request after an answer."""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

CONNECTIONS, _LONGEST_S = 64, 60


@dataclass
class Load:
    """Requests to be sent, and what came back. `digests`: a digest of each body, by request, if wanted."""

    requests: Iterator[tuple[int, bytes]]
    until: float = float("inf")
    digests: dict[int, bytes] | None = None
    answered: int = 0
    refused: int = 0

    def next(self) -> tuple[int, bytes] | None:
        """The next request; None when it is time to stop."""
        return next(self.requests, None) if time.perf_counter() < self.until else None

    def take(self, number: int, status: bytes, body: bytes) -> None:
        """Count an answer."""
        self.answered += 1
        self.refused += status != b"200"
        if self.digests is not None:
            self.digests[number] = hashlib.sha256(body).digest()


class _Caller(asyncio.Protocol):
    """One connection, kept alive. Every answer of both contenders says how long it is."""

    def __init__(self, load: Load) -> None:
        self._load, self._received, self._whole = load, bytearray(), 0
        self._is_finished = False
        self.left = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        sent = self._load.next()
        if sent is None:
            self._is_finished = True
            self._transport.close()
            return
        self._number, request = sent
        self._transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._whole and (end := self._received.find(b"\r\n\r\n")) > 0:
            self._head = end + 4
            length = self._received[:end].lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
            self._whole = self._head + int(length)
        if self._whole and len(self._received) >= self._whole:
            self._load.take(self._number, bytes(self._received[9:12]), bytes(self._received[self._head :]))
            self._received.clear()
            self._whole = 0
            self._send()

    def connection_lost(self, reason: Exception | None) -> None:
        if self._is_finished:
            self.left.set_result(None)
        else:
            self.left.set_exception(reason or ConnectionResetError("the server hung up"))


async def run(port: int, load: Load) -> float:
    """Send until the load ends; returns answers a second."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: _Caller(load), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    async with asyncio.timeout(_LONGEST_S):
        await asyncio.gather(*(caller.left for caller in callers))
    return load.answered / (time.perf_counter() - began)
