#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Receives reports on 127.0.0.1, checks their signatures by itself, and makes trouble.

    webhook_receiver.py PORT SECRET TROUBLES [CERTIFICATE KEY]

TROUBLES are words with commas between; the sessions take them in the order in which they first come, and then from the
first again. `a+b`: trouble a with the first request, b with the second. After its troubles a session is taken with 200.

    none refuse stall close 500 redirect lie_more lie_less flood headers slow

With a CERTIFICATE it speaks TLS. For each request it prints a JSON line; `taken` means that it answered with 2xx.
"""

import hashlib
import hmac
import http.server
import json
import socket
import ssl
import struct
import sys
import threading
import time

PORT, SECRET, TROUBLES = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].split(",")
STALL_S = 12  # longer than any sender shall wait
lock = threading.Lock()
plans = {}


def trouble_of(session):
    """What this request of the session meets."""
    with lock:
        if session not in plans:
            plans[session] = TROUBLES[len(plans) % len(TROUBLES)].split("+")
        return plans[session].pop(0) if plans[session] else "none"


def tell(**line):
    with lock:
        print(json.dumps(line), flush=True)


class Receiver(http.server.BaseHTTPRequestHandler):
    timeout = 20

    def log_message(self, *words):
        pass

    def do_GET(self):
        tell(followed=self.path)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = self.headers.get("X-Webhook-Timestamp", "")
        wanted = "sha256=" + hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        given = self.headers.get("X-Webhook-Signature", "")
        session = json.loads(body)["data"]["session_id"]
        trouble = trouble_of(session)
        taken = trouble in ("none", "slow", "lie_more", "lie_less", "flood", "headers")
        tell(session=session, signed=hmac.compare_digest(wanted, given), stamp=stamp, trouble=trouble, taken=taken,
             path=self.path, agent=self.headers.get("User-Agent"), body=body.decode())
        self.close_connection = True
        try:
            self.answer(trouble)
        except OSError:
            pass  # The sender has had enough.

    def answer(self, trouble):
        write = lambda text: self.wfile.write(text.encode())
        if trouble == "refuse":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif trouble == "stall":
            time.sleep(STALL_S)
        elif trouble == "500":
            write("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
        elif trouble == "redirect":
            write(f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{PORT}/elsewhere\r\nContent-Length: 0\r\n\r\n")
        elif trouble == "lie_more":
            write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nno thousand")
        elif trouble == "lie_less":
            write("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nmore than two")
        elif trouble == "flood":
            write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
            for _ in range(10000):
                write("x" * 65536)
        elif trouble == "headers":
            write("HTTP/1.1 200 OK\r\n")
            for i in range(100000):
                write(f"X-{i}: {'x' * 1000}\r\n")
        elif trouble in ("none", "slow"):
            if trouble == "slow":
                time.sleep(0.05)
            write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


with Server(("127.0.0.1", PORT), Receiver) as server:
    if len(sys.argv) > 4:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[4], sys.argv[5])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    tell(listening=PORT)
    server.serve_forever()
