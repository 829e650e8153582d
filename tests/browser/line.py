"""A line between a phone and the server that can hang, be cut, or lose what the server answers."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field


@dataclass
class Line:
    """Forwards connections to `port`; `mode` is whole, hung, deaf (replies are lost) or cut."""

    port: int
    mode: str = "whole"
    own: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    held: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the phone finds the site."""
        return f"http://127.0.0.1:{self.own.getsockname()[1]}"

    def open(self) -> None:
        """Take connections until `close`."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self.own.close()

    def drop(self) -> None:
        """Let go of every connection there is: whoever waits for a reply waits no longer."""
        for near in self.held:
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_RDWR)
        self.held.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.own.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """Carry one connection both ways."""
        if self.mode == "cut":
            near.close()
            return
        self.held.append(near)
        far = socket.create_connection(("127.0.0.1", self.port))
        threading.Thread(target=self._pump, args=(near, far, False), daemon=True).start()
        self._pump(far, near, True)

    def _pump(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        """Carry bytes one way, as the mode of the moment allows."""
        try:
            while data := source.recv(65536):
                if self.mode == "cut" or (back and self.mode == "deaf"):
                    break
                if self.mode != "hung":
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes whoever still reads from it
            end.close()
