#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An agent for tests, by another's WebSockets: listens at a port of 127.0.0.1 and does one thing on each call.

    agent.py PORT keytone|twilio WHAT [CERTIFICATE]

Prints what it is sent, but for sound, and what it does, as JSON lines with the time in seconds.
"""
import asyncio
import base64
import json
import math
import ssl
import struct
import sys
import time
import urllib.parse

import websockets

PORT, SHAPE, WHAT = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def tell(what, **more):
    print(json.dumps({"time": time.time(), "what": what, **more}), flush=True)


def tone(seconds, hz=440.0, rate=8000):
    return [round(8000 * math.sin(2 * math.pi * hz * i / rate)) for i in range(int(seconds * rate))]


def ulaw(sample):
    magnitude = min(abs(sample) >> 2, 8158) + 33
    segment = max(0, magnitude.bit_length() - 6)
    return ~((0x80 if sample < 0 else 0) | segment << 4 | (magnitude >> (segment + 1) & 0xF)) & 0xFF


class Call:
    def __init__(self, socket):
        self.socket = socket
        self.stream = None
        self.rate = 8000
        self.sound = bytearray()  # that was heard, as it came
        self.frames = asyncio.Queue()

    async def read(self):
        try:
            async for frame in self.socket:
                if isinstance(frame, bytes):
                    self.sound += frame
                    continue
                said = json.loads(frame)
                if said.get("event") == "media":
                    self.sound += base64.b64decode(said["media"]["payload"])
                    self.chunk = said
                    continue
                if said.get("event") == "start":
                    self.stream = said["streamSid"]
                if said.get("ev") == "call.began":
                    self.rate = said["rate"]
                if WHAT not in ("presses_often", "plays"):  # nobody reads meanwhile
                    tell("frame", frame=said)
                self.frames.put_nowait(said)
        except websockets.ConnectionClosed:
            pass
        tell("closed", code=self.socket.close_code, heard=len(self.sound))
        self.frames.put_nowait(None)

    async def until(self, **wanted):
        """The next frame with these values."""
        while True:
            said = await self.frames.get()
            if said is None:
                raise EOFError
            if all(said.get(key) == value for key, value in wanted.items()):
                return said

    async def send(self, **frame):
        await self.socket.send(json.dumps(frame))

    async def ask(self, name, *args, id):
        await self.send(type="based_call", id=id, name=name, args=list(args))

    async def begun(self):
        """Waits for the call's beginning and its answer, of which keytone's shape alone tells."""
        if SHAPE == "twilio":
            start = await self.until(event="start")
            self.caller = start["start"]["customParameters"]["from"]
            return
        began = await self.until(ev="call.began")
        self.caller = began["from"]
        if not began.get("again"):
            await self.until(ev="leg.changed", leg="a", state="answered")

    async def say(self, samples):
        if SHAPE == "twilio":
            payload = base64.b64encode(bytes(ulaw(s) for s in samples)).decode()
            await self.send(event="media", streamSid=self.stream, media={"payload": payload})
        else:
            await self.socket.send(struct.pack(f"<{len(samples)}h", *samples))

    async def mark(self, name):
        if SHAPE == "twilio":
            await self.send(event="mark", streamSid=self.stream, mark={"name": name})
        else:
            await self.send(ev="mark", name=name)

    async def clear(self):
        if SHAPE == "twilio":
            await self.send(event="clear", streamSid=self.stream)
        else:
            await self.send(ev="clear")

    async def marked(self, name):
        if SHAPE == "twilio":
            await self.until(event="mark", mark={"name": name})
            return {}
        return await self.until(ev="mark", name=name)


async def waits(call):
    """Until the other side ends it."""
    await asyncio.sleep(3600)


async def plays(call):
    """Sends the frames that its path holds: a list in JSON. A frame with `until` is waited for."""
    for frame in json.loads(urllib.parse.unquote(call.socket.path[1:])):
        if "until" in frame:
            await call.until(**frame["until"])
        else:
            await call.send(**frame)
    await waits(call)


async def walks(call):
    """Presses 1, speaks, and transfers with an extension."""
    await asyncio.sleep(0.5)
    await call.ask("click_ivr", "1", id="k1")
    await call.until(ev="action.completed", id="k1")
    tell("speaks")
    await call.say(tone(1.0, rate=call.rate))
    await call.mark("spoken")
    await call.marked("spoken")
    tell("spoken")
    await call.ask("transfer", "+15303195426", {"extension": "221", "pauseSeconds": 1}, id="t1")
    await waits(call)


async def hands_over(call):
    """Transfers, and ends the call once it has the caller back."""
    await asyncio.sleep(0.5)
    await call.ask("transfer", "+15303195426", id="t1")
    await call.until(ev="action.completed", id="t1")
    await call.ask("end_call", {"mode": "immediate"}, id="e1")
    await waits(call)


async def ends(call):
    """Says something by keytone's voice, and ends the call."""
    await asyncio.sleep(0.5)
    await call.ask("say", "Goodbye.", id="s1")
    await call.ask("end_call", id="e1")
    await waits(call)


async def echoes_keys(call):
    """Presses each key that it is told of. An agent of Twilio's knows no other frames."""
    while True:
        said = await call.until(event="dtmf")
        await call.ask("click_ivr", said["dtmf"]["digit"], id="k" + said["sequenceNumber"])


async def presses_often(call):
    """A key each 0.7 s and a bit."""
    await asyncio.sleep(1.0)
    for i in range(int(sys.argv[4]) if len(sys.argv) > 4 else 20):
        tell("asks", caller=call.caller)
        await call.ask("click_ivr", str(i % 10), {"tone_ms": 60, "gap_ms": 40}, id=f"k{i}")
        await call.until(ev="action.completed", id=f"k{i}")
        await asyncio.sleep(0.6 + 0.0037 * (i * 37 % 29))
    await call.ask("end_call", {"mode": "immediate"}, id="e1")
    await waits(call)


async def speaks_often(call):
    """40 ms of a tone now and then."""
    await asyncio.sleep(1.0)
    for i in range(20):
        tell("says", number=i)
        await call.say(tone(0.04, 1000.0))
        await asyncio.sleep(0.5 + 0.0037 * (i * 37 % 29))
    await call.ask("end_call", {"mode": "immediate"}, id="e1")
    await waits(call)


async def marks(call):
    """Two marks with a second between, one at once, and two that are cleared."""
    await asyncio.sleep(0.5)
    await call.mark("first")
    await call.marked("first")
    tell("put")
    await call.say(tone(1.0))
    await call.mark("second")
    await call.say(tone(0.5))
    await call.mark("third")
    second = await call.marked("second")
    third = await call.marked("third")
    tell("played", second=second.get("sample"), third=third.get("sample"))
    await call.say(tone(20.0))
    await call.mark("fourth")
    await asyncio.sleep(0.3)
    await call.clear()
    tell("clears")
    await call.marked("fourth")
    tell("cleared")
    await call.ask("end_call", {"mode": "immediate"}, id="e1")
    await waits(call)


async def errs(call):
    """Sends what is wrong, each in its way; then presses 7."""
    await asyncio.sleep(0.5)
    wrong = ["{", "[]", '{"type":"based_call","id":"x","name":"dance","args":[]}', '{"ev":"leg.ended","leg":"a"}',
             '{"type":"transfer_request","id":"r"}', '{"v":1,"call":"c","rate":8000}', "\0", "[" * 100000]
    if SHAPE == "twilio":
        wrong += ['{"event":"media","media":{"payload":"***"}}', '{"event":"media"}', '{"event":"dance"}', b"1",
                  '{"event":"mark","mark":{"name":7}}', '{"event":"media","streamSid":"MZ0","media":{"payload":""}}']
    else:
        wrong += [b"123", '{"ev":"mark"}', '{"ev":"mark","name":""}']
    for frame in wrong:
        await call.socket.send(frame)
        await call.until(**({"event": "error"} if SHAPE == "twilio" else {"ev": "error"}))
    tell("all refused", count=len(wrong))
    await call.ask("click_ivr", "7", id="k1")
    await call.until(ev="action.completed", id="k1")
    await call.ask("end_call", id="e1")
    await waits(call)


async def sends_too_much(call):
    """10 MB at once, on the first of its sockets."""
    if sends_too_much.done:
        await call.ask("end_call", id="e1")
        return await waits(call)
    sends_too_much.done = True
    await asyncio.sleep(0.5)
    await call.socket.send("x" * 10_000_000)
    await waits(call)


sends_too_much.done = False


async def floods(call):
    """3000 s of sound, as fast as it is taken; says when each 10 s were taken."""
    await asyncio.sleep(0.5)
    second = tone(1.0)
    if SHAPE == "twilio":
        payload = base64.b64encode(bytes(ulaw(s) for s in second)).decode()
        second = json.dumps({"event": "media", "streamSid": call.stream, "media": {"payload": payload}})
    else:
        second = struct.pack(f"<{len(second)}h", *second)
    for i in range(3000):
        await call.socket.send(second)
        await asyncio.sleep(0)
        if i % 10 == 9:
            tell("taken", seconds=i + 1)
    await waits(call)


async def closes(call):
    """Closes its socket in the usual way."""
    await asyncio.sleep(0.5)
    await call.say(tone(0.3))


async def serve(socket):
    call = Call(socket)
    tell("called", signature=socket.request_headers.get("X-Twilio-Signature", ""))
    reader = asyncio.create_task(call.read())
    try:
        await call.begun()
        part = asyncio.create_task(globals()[WHAT](call))
        await asyncio.wait({part, reader}, return_when=asyncio.FIRST_COMPLETED)
        if part.done() and part.exception() and not isinstance(
                part.exception(), (EOFError, websockets.ConnectionClosed)):
            tell("failed", why=repr(part.exception()))
        part.cancel()
    except EOFError:
        pass
    await socket.close()
    await reader


async def main():
    context = None
    if len(sys.argv) > 4 and sys.argv[4].endswith(".pem"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[4])
    async with websockets.serve(serve, "127.0.0.1", PORT, ssl=context, max_queue=4096):
        tell("listening")
        await asyncio.Future()


asyncio.run(main())
