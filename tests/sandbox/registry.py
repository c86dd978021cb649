"""A registry on loopback: speaks enough of the distribution API to serve one image."""

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TYPE = "application/vnd.docker.distribution.manifest.v2+json"


def image() -> tuple[str, dict[str, bytes]]:
    """The digest of a manifest, and everything that the registry serves, by digest."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("curie-test"), io.BytesIO())
    packed = gzip.compress(layer.getvalue(), mtime=0)
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer.getvalue())]},
        }
    ).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": TYPE,
            "config": _entry("application/vnd.docker.container.image.v1+json", config),
            "layers": [_entry("application/vnd.docker.image.rootfs.diff.tar.gzip", packed)],
        }
    ).encode()
    return _digest(manifest), {_digest(blob): blob for blob in (packed, config, manifest)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _entry(kind: str, content: bytes) -> dict[str, object]:
    return {"mediaType": kind, "size": len(content), "digest": _digest(content)}


@contextmanager
def registry(blobs: dict[str, bytes], *, silent: bool = False) -> Iterator[str]:
    """Serve the blobs; gives `127.0.0.1:port`. A silent one takes requests and never answers."""
    leave = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if silent:
                leave.wait(30)
                return
            body = blobs.get(self.path.rsplit("/", 1)[-1], b"{}")
            found = self.path == "/v2/" or body != b"{}"
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", TYPE if "manifests" in self.path else "text/plain")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - as the server calls it

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        leave.set()
        server.shutdown()
        server.server_close()
        thread.join()
