#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile agents, many at once: takes WebSockets (RFC 6455) at a port of 127.0.0.1, by itself, as quickly as it can.

    hostile_agents.py PORT keytone|twilio floods|errs|overfills|waits

Each call's agent floods with sound; sends what is wrong, each time once it was told so of the last, and then ends the
call; sends 10 MB at once on the first of its sockets, and ends the call on the next one; or says nothing. Prints JSON lines: `closed`, with the code, for each socket;
`refused`, with the number of errors that came, for each call of `errs`.
"""
import asyncio
import base64
import hashlib
import json
import struct
import sys

PORT, SHAPE, WHAT = int(sys.argv[1]), sys.argv[2], sys.argv[3]
IS_TWILIO = SHAPE == "twilio"
ERROR = b'"event":"error"' if IS_TWILIO else b'"ev":"error"'
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
WRONG = [(TEXT, text.encode()) for text in (
    "{", "[]", '{"type":"based_call","id":"x","name":"dance","args":[]}', '{"ev":"leg.ended","leg":"a"}', "\0",
    "[" * 100000)] + ([
        (TEXT, b'{"event":"media","media":{"payload":"***"}}'), (TEXT, b'{"event":"media"}'), (BINARY, b"1"),
    ] if IS_TWILIO else [(BINARY, b"123"), (TEXT, b'{"ev":"mark","name":""}')])


def tell(what, **more):
    print(json.dumps({"what": what, **more}), flush=True)


def frame(opcode, payload):
    size = len(payload)
    head = bytes([0x80 | opcode]) + (bytes([size]) if size < 126 else struct.pack(
        "!BH", 126, size) if size < 65536 else struct.pack("!BQ", 127, size))
    return head + payload


def unmasked(mask, payload):
    whole = (mask * (len(payload) // 4 + 1))[:len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(len(payload), "big")


class Socket:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.errors, self.code, self.again = 0, 1006, False
        self.begun = asyncio.Event()
        self.told = asyncio.Condition()

    async def send(self, opcode, payload):
        self.writer.write(frame(opcode, payload))
        await self.writer.drain()

    async def read(self):
        """Its frames, until the end."""
        while True:
            head = await self.reader.readexactly(2)
            size = head[1] & 0x7F
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            mask = await self.reader.readexactly(4)
            payload = await self.reader.readexactly(size)
            opcode = head[0] & 0x0F
            if opcode == BINARY:
                continue
            text = unmasked(mask, payload)
            if opcode == CLOSE:
                self.code = int.from_bytes(text[:2], "big")
                return
            if opcode == PING:
                await self.send(PONG, text)
            elif ERROR in text:
                async with self.told:
                    self.errors += 1
                    self.told.notify_all()
            elif not self.begun.is_set():
                # What stands in the first frames of both shapes.
                self.again = self.again or b'"again":true' in text
                self.stream = json.loads(text).get("streamSid", "")
                if b'"call.began"' in text or self.stream:
                    self.begun.set()

    async def act(self):
        await self.begun.wait()
        if WHAT == "floods":
            sound = bytes(range(256)) * 31
            if IS_TWILIO:
                sound = json.dumps({"event": "media", "streamSid": self.stream,
                                    "media": {"payload": base64.b64encode(sound).decode()}}).encode()
            while True:
                await self.send(TEXT if IS_TWILIO else BINARY, sound)
        if WHAT == "errs":
            for count, (opcode, payload) in enumerate(WRONG, 1):
                await self.send(opcode, payload)
                async with self.told:
                    await self.told.wait_for(lambda count=count: self.errors >= count)
        if WHAT == "overfills" and not self.again:
            await self.send(TEXT, b"x" * 10_000_000)
        elif WHAT in ("errs", "overfills"):
            await self.send(TEXT, b'{"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}')


async def serve(reader, writer):
    request = await reader.readuntil(b"\r\n\r\n")
    key = next(line.split(b":", 1)[1].strip() for line in request.split(b"\r\n")
               if line.lower().startswith(b"sec-websocket-key:"))
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    socket = Socket(reader, writer)
    part = asyncio.create_task(socket.act())
    try:
        await socket.read()
        writer.write(frame(CLOSE, struct.pack("!H", socket.code)))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    part.cancel()
    await asyncio.gather(part, return_exceptions=True)
    if WHAT == "errs":
        tell("refused", errors=socket.errors, of=len(WRONG))
    tell("closed", code=socket.code)
    writer.close()


async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", PORT, backlog=512):
        tell("listening")
        await asyncio.Future()


asyncio.run(main())
