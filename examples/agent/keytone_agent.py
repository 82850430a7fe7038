#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An agent in keytone's shape: waits until a menu has spoken, presses 1, plays a chime, and hands the call on.

    python3 keytone_agent.py [PORT]

Needs python3-websockets. keytone-server dials it: [agent] url = "ws://127.0.0.1:8765/".
"""
import array
import asyncio
import json
import math
import sys

try:
    import websockets
except ImportError:
    sys.exit(f"{sys.executable} has no module websockets: apt-get install python3-websockets, and use /usr/bin/python3")

NUMBER, EXTENSION = "+15303195426", "221"
LOUD = 500  # of 32767: what counts as sound
PAUSE = 0.7  # seconds of quiet, after which the menu has spoken


def chime(rate):
    """Half a second of a tone that fades away, as 16-bit samples."""
    return array.array("h", (round(9000 * math.exp(-6 * i / rate) * math.sin(2 * math.pi * 880 * i / rate))
                             for i in range(rate // 2))).tobytes()


async def ask(socket, name, *args, id):
    await socket.send(json.dumps({"type": "based_call", "id": id, "name": name, "args": list(args)}))


async def talk(socket):
    rate, sound, quiet, pressed = 8000, 0.0, 0.0, False
    async for frame in socket:
        if isinstance(frame, bytes):  # 20 ms of what the caller says
            samples = array.array("h", frame)
            seconds = len(samples) / rate
            if max(map(abs, samples)) > LOUD:
                sound, quiet = sound + seconds, 0.0
            else:
                quiet += seconds
            if not pressed and sound > 0.3 and quiet > PAUSE:
                pressed = True
                await ask(socket, "click_ivr", "1", id="key")
            continue
        said = json.loads(frame)
        what, about = said["ev"], said.get("id")
        print(what, about or "", flush=True)
        if what == "call.began":
            rate = said["rate"]
        elif what == "action.completed" and about == "key":
            await socket.send(chime(rate))
            await socket.send(json.dumps({"ev": "mark", "name": "chime"}))
        elif what == "mark":  # the chime was heard
            await ask(socket, "transfer", NUMBER, {"extension": EXTENSION, "pauseSeconds": 1,
                                                   "message": "Please hold the line."}, id="transfer")
        elif what == "error":
            print(said["message"], file=sys.stderr, flush=True)


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
    async with websockets.serve(talk, "127.0.0.1", port):
        print("listening at", port, flush=True)
        await asyncio.Future()


asyncio.run(main())
