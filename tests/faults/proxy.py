"""A proxy between the product and its database that can cut, refuse or hold connections."""

import contextlib
import select
import socket
import threading
from typing import Final

BLOCK: Final = 65536  # bytes
LOOK_SECONDS: Final = 0.1


class DatabaseProxy:
    """Passes bytes on, until it is told to do otherwise."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._refuses = threading.Event()
        self._holds = threading.Event()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(LOOK_SECONDS)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def drop(self) -> int:
        """Cut every connection and refuse new ones; return how many were cut."""
        self._refuses.set()
        return self.cut()

    def cut(self) -> int:
        """Cut every connection; return how many."""
        with self._lock:
            pairs = tuple(self._pairs)
        for pair in pairs:
            _close(pair)
        return len(pairs)

    def stall(self) -> None:
        """Keep connections open, and pass nothing on."""
        self._holds.set()

    def restore(self) -> None:
        """Pass everything on again; what was held arrives late."""
        self._refuses.clear()
        self._holds.clear()

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self.cut()
        self._listener.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            if self._refuses.is_set():
                client.close()
                continue
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._target)
        except OSError:
            client.close()
            return
        pair = (client, server)
        with self._lock:
            self._pairs.add(pair)
        with contextlib.suppress(OSError, ValueError):
            while self._pass_on(pair):
                pass
        with self._lock:
            self._pairs.discard(pair)
        _close(pair)

    def _pass_on(self, pair: tuple[socket.socket, socket.socket]) -> bool:
        """Pass on what has come; False once one of both has ended."""
        if self._holds.is_set():
            return not self._over.wait(LOOK_SECONDS)
        client, server = pair
        for one in select.select(pair, (), (), LOOK_SECONDS)[0]:
            block = one.recv(BLOCK)
            if not block:
                return False
            (server if one is client else client).sendall(block)
        return True


def _close(pair: tuple[socket.socket, socket.socket]) -> None:
    for one in pair:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            one.close()
