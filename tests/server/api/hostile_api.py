#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends a service's HTTP port what nobody should, and looks whether it lives on.

    hostile_api.py PORT TOKEN PROCESS [--call ID] [--count N] [--seed N]

N mutated requests, and N WebSocket upgrades of an agent (for the call ID), they or the frames behind them mutated.
Now and then, and at the end, GET /healthz has to be answered with 200 or 503, and the list of agents with 200; in the
end the process has no more descriptors than before, a few for connections that it has not closed yet aside. The same
seed sends the same. Exit code 0 when it passed.
"""

import argparse
import os
import random
import socket
import struct
import sys
import time

PATIENCE = 20.0  # seconds for an answer, on a busy machine
CHECK_EVERY = 200
SPARE_DESCRIPTORS = 8

REQUESTS = [
    "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v2/calls?limit=5&before=2026-01-01T00:00:00Z&state=ended HTTP/1.1\r\nHost: x\r\n@TOKEN@\r\n",
    "GET /api/v2/calls/c1/events HTTP/1.1\r\nHost: x\r\n@TOKEN@Accept: text/event-stream\r\nLast-Event-ID: 7\r\n\r\n",
    'PUT /api/v2/agent/x HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Type: application/json\r\nContent-Length: 30\r\n\r\n'
    '{"name":"x","grace":5,"rate":8}',
    'POST /api/v2/calls/start HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Type: application/json\r\n'
    'Transfer-Encoding: chunked\r\n\r\n10\r\n{"agent_id":"x",\r\n1a\r\n"to_number":"+15303195426"}\r\n0\r\n\r\n',
    "POST /2010-04-01/Accounts/AC1/Calls/CA00000000000000000000000000000000.json HTTP/1.1\r\nHost: x\r\n"
    "Authorization: Basic QUMxOng=\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16\r\n\r\n"
    "Status=completed",
    "GET /recordings/1b4e28ba-2fa1-41d2-883f-0016d3cca427.wav?expires=9999999999&signature=00 HTTP/1.1\r\nHost: x\r\n"
    "Range: bytes=0-99\r\n\r\n",
    "GET /page/main.js HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"x\"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "DELETE /api/v2/calls/c1?drain=false HTTP/1.1\r\nHost: x\r\n@TOKEN@Expect: 100-continue\r\n\r\n",
]
UPGRADE = ("GET /api/v2/calls/@CALL@/stream HTTP/1.1\r\nHost: x\r\n@TOKEN@Upgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
FRAMES = [
    b'{"type":"based_call","id":"k1","name":"click_ivr","args":["1"]}',
    b'{"ev":"mark","name":"m"}',
    b'{"ev":"clear"}',
    bytes(320),
]


def mutated(data, chance):
    """The bytes with one to six changes: bits, bytes, parts doubled, removed, swapped or cut."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(8)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = chance.choice(b"\0\r\n :;,/%?#\\\"\x7f\x80\xff0a")
        elif kind == 2:
            data[at:at] = chance.choice([b"\r\n", b"\0", b"\r\n\r\n", b"%00", b"A" * 5000, b"9" * 30, b"\xff" * 9])
        elif kind == 3:
            del data[at:at + chance.randint(1, 40)]
        elif kind == 4:
            part = data[at:at + chance.randint(1, 60)]
            data[at:at] = part
        elif kind == 5:
            other = chance.randrange(len(data) + 1)
            data[at:at + 9], data[other:other + 9] = data[other:other + 9], data[at:at + 9]
        elif kind == 6:
            del data[at:]
        else:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 30)))
    return bytes(data)


def frame(payload, chance):
    """A masked WebSocket frame."""
    mask = bytes(chance.randrange(256) for _ in range(4))
    opcode = 0x82 if len(payload) == 320 else 0x81
    size = len(payload)
    head = bytes([opcode, 0x80 | size]) if size < 126 else bytes([opcode, 0xFE]) + struct.pack(">H", size)
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def answer(port, request):
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.settimeout(PATIENCE)
        client.sendall(request)
        text = b""
        while b"\r\n" not in text:
            part = client.recv(4096)
            if not part:
                break
            text += part
        return text.split(b"\r\n")[0].decode(errors="replace")


def send(port, data):
    """Sends it, takes what comes at once, and closes."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(data)
            client.settimeout(0.002)
            client.recv(4096)
    except OSError:
        pass  # It may well refuse: what counts is whether it answers others.


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("token")
    parser.add_argument("process", type=int)
    parser.add_argument("--call", default="nobody")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    bearer = f"Authorization: Bearer {given.token}\r\n"
    health = REQUESTS[0].encode()
    agents = f"GET /api/v2/agents HTTP/1.1\r\nHost: x\r\n{bearer}\r\n".encode()

    def check(number):
        said = answer(given.port, health), answer(given.port, agents)
        if said[0].split()[1:2] not in (["200"], ["503"]) or said[1].split()[1:2] != ["200"]:
            sys.exit(f"after {number} messages of seed {given.seed}: {said}")

    check(0)
    before = descriptors(given.process)
    upgrade = UPGRADE.replace("@CALL@", given.call).replace("@TOKEN@", bearer).encode()
    for number in range(given.count):
        send(given.port, mutated(chance.choice(REQUESTS).replace("@TOKEN@", bearer).encode(), chance))
        frames = b"".join(frame(chance.choice(FRAMES), chance) for _ in range(3))
        if chance.randrange(3) == 0:
            send(given.port, mutated(upgrade, chance) + frames)
        else:
            send(given.port, upgrade + mutated(frames, chance))
        if number % CHECK_EVERY == CHECK_EVERY - 1:
            check(2 * number)
    deadline = time.monotonic() + PATIENCE
    while descriptors(given.process) > before + SPARE_DESCRIPTORS and time.monotonic() < deadline:
        time.sleep(0.1)
    check(2 * given.count)
    after = descriptors(given.process)
    print(f"{given.count} requests and {given.count} upgrades; descriptors: {before}, then {after}")
    return 0 if after <= before + SPARE_DESCRIPTORS else 1


sys.exit(main())
