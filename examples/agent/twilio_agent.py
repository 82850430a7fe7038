#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An agent for Twilio's Media Streams that presses keys: the same as keytone_agent.py, in Twilio's shape.

    python3 twilio_agent.py [PORT]

Needs python3-websockets. keytone-server dials it: [agent] url = "ws://127.0.0.1:8765/", shape = "twilio".
What is particular to keytone is in ask() alone, and in the outcomes, which have `ev` instead of `event`.
"""
import asyncio
import base64
import json
import math
import sys

try:
    import websockets
except ImportError:
    sys.exit(f"{sys.executable} has no module websockets: apt-get install python3-websockets, and use /usr/bin/python3")

NUMBER, EXTENSION = "+15303195426", "221"
PAUSE = 0.7  # seconds of quiet, after which the menu has spoken


def encode(sample):
    """A 16-bit sample as µ-law."""
    magnitude = min(abs(sample) >> 2, 8158) + 33
    segment = max(0, magnitude.bit_length() - 6)
    return ~((0x80 if sample < 0 else 0) | segment << 4 | magnitude >> (segment + 1) & 0xF) & 0xFF


CHIME = base64.b64encode(bytes(encode(round(9000 * math.exp(-i / 1333) * math.sin(2 * math.pi * 880 * i / 8000)))
                               for i in range(4000))).decode()


def is_sound(codes):
    """Whether any µ-law sample is of one of the four upper segments."""
    return any(code & 0x7F < 0x40 for code in codes)


async def ask(socket, name, *args, id):
    await socket.send(json.dumps({"type": "based_call", "id": id, "name": name, "args": list(args)}))


async def talk(socket):
    stream, sound, quiet, pressed = None, 0.0, 0.0, False
    async for frame in socket:
        said = json.loads(frame)
        event = said.get("event")
        if event == "media":
            if is_sound(base64.b64decode(said["media"]["payload"])):
                sound, quiet = sound + 0.02, 0.0
            else:
                quiet += 0.02
            if not pressed and sound > 0.3 and quiet > PAUSE:
                pressed = True
                await ask(socket, "click_ivr", "1", id="key")
            continue
        print(event or said["ev"], said.get("id", ""), flush=True)
        if event == "start":
            stream = said["start"]["streamSid"]
        elif event == "mark":  # the chime was heard
            await ask(socket, "transfer", NUMBER, {"extension": EXTENSION, "pauseSeconds": 1,
                                                   "message": "Please hold the line."}, id="transfer")
        elif event == "error":
            print(said["error"]["message"], file=sys.stderr, flush=True)
        elif said.get("ev") == "action.completed" and said.get("id") == "key":
            await socket.send(json.dumps({"event": "media", "streamSid": stream, "media": {"payload": CHIME}}))
            await socket.send(json.dumps({"event": "mark", "streamSid": stream, "mark": {"name": "chime"}}))


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
    async with websockets.serve(talk, "127.0.0.1", port):
        print("listening at", port, flush=True)
        await asyncio.Future()


asyncio.run(main())
