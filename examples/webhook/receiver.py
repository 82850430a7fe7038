#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Receives the reports of keytone-server, and believes only those that are signed with the secret.

    python3 receiver.py SECRET_FILE [PORT]

SECRET_FILE holds what `keytone-server webhooks add LABEL http://127.0.0.1:8090/` has printed. Needs Python alone.
"""
import datetime
import hashlib
import hmac
import http.server
import json
import pathlib
import sys

MAX_BODY = 1 << 20  # bytes
MAX_AGE = 300  # seconds: a report that is older was perhaps recorded by somebody, and is sent again by them
seen = set()  # sessions: a report may come twice


def fault(secret, headers, body):
    """What is wrong with a request; empty where its signature and its time are right."""
    stamp, given = headers.get("X-Webhook-Timestamp", ""), headers.get("X-Webhook-Signature", "")
    wanted = "sha256=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        return "its signature is wrong"
    try:
        sent = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))
        age = abs((datetime.datetime.now(datetime.timezone.utc) - sent).total_seconds())
    except (TypeError, ValueError):
        return "its time cannot be read"
    return f"it is {age:.0f} s old" if age > MAX_AGE else ""


class Receiver(http.server.BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        try:
            length = int(self.headers["Content-Length"])
        except (TypeError, ValueError):
            return self.answer(411)
        if not 0 <= length <= MAX_BODY:
            return self.answer(413)
        body = self.rfile.read(length)
        wrong = fault(self.server.secret, self.headers, body)
        if wrong:
            print("refused:", wrong, flush=True)
            return self.answer(401)
        report = json.loads(body)
        session = report["data"]["session_id"]
        if session not in seen:  # Else it was received, but the answer was lost.
            seen.add(session)
            print("signature is right:", json.dumps(report), flush=True)
        return self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


def main():
    secret = pathlib.Path(sys.argv[1]).read_text(encoding="ascii").strip().encode()
    if not secret:
        sys.exit(f"{sys.argv[1]}: is empty: keytone-server webhooks rotate LABEL prints a new secret")
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8090
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Receiver) as server:
        server.secret = secret
        print(f"listening at http://127.0.0.1:{port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.strip())
    try:
        main()
    except KeyboardInterrupt:
        pass
