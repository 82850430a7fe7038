#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Agents that dial in and may not, all at once: each of them opens its connection before the first one asks.

    dial_in_crowd.py PORT TOKEN CALL COUNT

A quarter has no token, a quarter a wrong one, a quarter asks for a call that is not there, and the others, with a
token, for CALL, whose agent is there. Each has to get one answer, an error in JSON or, of one connection too many, the
503 alone, and then nothing but the end. `reset`: the 503 was lost, as its connection was closed with the request
unread. Prints how often which answer came, as a JSON object of `KIND STATUS CODE`.
Exit code 0 when all got theirs.
"""
import asyncio
import collections
import json
import resource
import sys

PORT, TOKEN, CALL, COUNT = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
PATIENCE = 60.0  # seconds, for all of them on a busy machine
KINDS = {
    "no-token": (CALL, ""),
    "wrong-token": (CALL, "Authorization: Bearer kt_live_" + "0" * 64 + "\r\n"),
    "wrong-call": ("20200101T000000.000Z-1", f"Authorization: Bearer {TOKEN}\r\n"),
    "second-agent": (CALL, f"Authorization: Bearer {TOKEN}\r\n"),
}


async def answer(reader, writer, kind, go):
    await go.wait()
    call, headers = KINDS[kind]
    try:
        writer.write((f"GET /api/v2/calls/{call}/stream HTTP/1.1\r\nHost: x\r\n{headers}Upgrade: websocket\r\n"
                      "Connection: Upgrade, close\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                      "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        data = await reader.read()
    except ConnectionResetError:  # one too many, whose 503 went with the connection
        return "reset"
    finally:
        writer.close()
    if not data:
        return "reset"
    head, body = data.split(b"\r\n\r\n", 1)
    status = int(head.split(b" ")[1])
    if status == 503 and not body:
        return "too-many 503"
    said = json.loads(body)  # one error, and nothing behind it
    if said["success"] or not said["error"]["message"]:
        raise ValueError(said)
    return f"{kind} {status} {said['error']['code']}"


async def main():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit[1], COUNT + 256), limit[1]))
    go = asyncio.Event()
    kinds = list(KINDS)
    open_ones = [await asyncio.open_connection("127.0.0.1", PORT) for _ in range(COUNT)]
    answers = [asyncio.create_task(answer(*pair, kinds[i % len(kinds)], go)) for i, pair in enumerate(open_ones)]
    go.set()
    counts = collections.Counter(await asyncio.wait_for(asyncio.gather(*answers), PATIENCE))
    print(json.dumps(dict(sorted(counts.items()))))


asyncio.run(main())
