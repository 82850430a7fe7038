#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A whole call with keytone-server, over the loopback: tools/demo --live builds the program and starts this.

    live_demo.py SERVER FOLDER [--stay]

A service, an agent that is made by its API, a receiver of its reports, and two phones, each a program. What happened
is told by the packets that the phones saw, and by the service's events. All programs are ended in every case. --stay
leaves the service and its page there until Ctrl-C, for ten minutes at most.
"""
import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's packages
NUMBER, EXTENSION, KEY = "+15303195426", "221", "1"
LONGEST = 100  # seconds, for all of it; one call takes fifteen
LONGEST_STAY = 600
TICK = 0.02  # seconds
LOUD = 0x30  # of 0x7F, a sample's magnitude in mu-law: what is certainly sound
PR_SET_PDEATHSIG = 1  # prctl(2)


class Failure(Exception):
    """What did not go as it should, in a line."""


# ---- Programs

class Programs:
    """Those that were started, by their names. None outlives this one."""

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, name, *command, until=None):
        """Waits until it prints `until`. What it prints is in NAME.txt."""
        libc = ctypes.CDLL(None)
        log = self.folder / f"{name}.txt"
        with open(log, "wb") as out:
            process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM))
        self.running.append(process)
        end = time.monotonic() + 20
        while until and until not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > end:
                raise Failure(f"{name} did not start: {log.read_text(errors='replace').strip()}")
            time.sleep(0.02)
        return process

    def end(self):
        """SIGTERM to all, the last one first; SIGKILL to those that do not end by it."""
        for process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
        for process in reversed(self.running):
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()


def output_of(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=20, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    return done.stdout


def free_port(wanted=0):
    """A port that neither TCP nor UDP uses on 127.0.0.1: `wanted`, or else any."""
    for port in (wanted, 0):
        with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", tcp.getsockname()[1]))
                return tcp.getsockname()[1]
            except OSError:
                continue
    raise Failure("no port of 127.0.0.1 is free")


class Api:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def raw(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def ask(self, method, path, body=None):
        return json.loads(self.raw(method, path, body))["data"]


# ---- The packets that a phone saw

class Packet:
    def __init__(self, at, source, target, payload):
        self.at, self.source, self.target, self.payload = at, source, target, payload


def packets_of(file):
    """Those of a pcap file (nanoseconds, raw IP) that are UDP over IPv4."""
    data = file.read_bytes()
    if len(data) < 24 or struct.unpack_from("=I", data)[0] != 0xA1B23C4D:
        raise Failure(f"{file}: is no capture")
    at = 24
    while at + 16 <= len(data):
        seconds, nanoseconds, length = struct.unpack_from("=III", data, at)
        ip = data[at + 16:at + 16 + length]
        at += 16 + length
        if len(ip) >= 28 and ip[0] == 0x45 and ip[9] == socket.IPPROTO_UDP:
            source, target = struct.unpack_from("!HH", ip, 20)
            yield Packet(seconds + nanoseconds / 1e9, source, target, ip[28:])


class PhoneTrace:
    """What one phone saw: its SIP messages, and the keys that came to it as telephone events (RFC 4733)."""

    def __init__(self, file, name, sip_port):
        self.name, self.messages, self.keys, self.loud = name, [], [], []
        events, rtp_ports, key = None, set(), None
        for packet in packets_of(file):
            text = packet.payload.decode("utf-8", "replace")
            if re.match(r"[A-Z]+ sip:|SIP/2\.0 ", text):
                is_ours = packet.source == sip_port
                line, method = text.split("\r\n", 1)[0], re.search(r"\r\nCSeq: \d+ (\w+)", text)
                self.messages.append((packet.at, is_ours, line, method.group(1) if method else ""))
                match = re.search(r"a=rtpmap:(\d+) telephone-event/8000", text)
                events = int(match.group(1)) if match else events
                if is_ours:
                    rtp_ports.update(int(port) for port in re.findall(r"\r\nm=audio (\d+) ", text))
            elif packet.target in rtp_ports and len(packet.payload) >= 12:
                if events is None or packet.payload[1] & 0x7F != events:
                    if max(~byte & 0x7F for byte in packet.payload[12:]) > LOUD:
                        self.loud.append(packet.at)
                    continue
                number, end, duration = struct.unpack_from("!BBH", packet.payload, 12)
                stamp = packet.payload[4:8]
                if key != stamp:
                    key = stamp
                    self.keys.append({"key": "0123456789*#ABCD"[number], "at": packet.at, "packets": 0})
                self.keys[-1].update(packets=self.keys[-1]["packets"] + 1, until=packet.at, ms=duration // 8,
                                     ended=bool(end & 0x80))

    def at(self, pattern, is_ours):
        """When the first message whose first line is so passed, to or from the phone."""
        for at, ours, line, _ in self.messages:
            if ours == is_ours and re.match(pattern, line):
                return at
        raise Failure(f"{self.name}: no SIP message {pattern}")

    def answered(self):
        """When the 200 to the INVITE passed."""
        return next((at for at, _, line, method in self.messages if line.startswith("SIP/2.0 200") and
                     method == "INVITE"), None)


# ---- The story

BRIDGED = "both phones are connected; the agent's part is over"


def tell_signalling(trace, story):
    """The SIP messages of one phone, each first one of its kind."""
    told = set()
    for at, is_ours, line, method in trace.messages:
        what = " ".join(line.split(" ")[1:]) if line.startswith("SIP/2.0") else line.split(" ")[0]
        if what == "ACK" or (method, what) in told:
            continue
        told.add((method, what))
        way = f"{trace.name} -> keytone" if is_ours else f"keytone -> {trace.name}"
        story.append((at, "SIP", f"{way}: {what}" + (f" (to {method})" if line.startswith("SIP/2.0") else "")))


def tell_keys(trace, story):
    for key in trace.keys:
        story.append((key["at"], "RTP", f"{trace.name} gets the key {key['key']}: {key['packets']} packets, "
                                        f"{key['ms']} ms long, the last at {{:.3f}}", key["until"]))


def tell_events(lines, answered, story):
    """The service's own events; both legs' samples count from the first answer."""
    words = {
        ("line.heard", "sound_began"): "the agent's line: a sound begins",
        ("line.heard", "sound_ended"): "the agent's line: the prompt is over, 0.6 s of silence",
        ("action.accepted", "click_ivr"): "the agent asks for a key",
        ("action.completed", "click_ivr"): "the agent is told: the key went out",
        ("action.accepted", "transfer"): f"the agent has spoken, and asks for a transfer to {NUMBER}, extension {EXTENSION}",
        ("intent", "bridge"): BRIDGED,
    }
    heard = set()
    for line in map(json.loads, lines):
        what = line.get("what") or line.get("name") or line.get("do")
        text = words.get((line["ev"], what))
        if line["ev"] == "line.heard" and (line["leg"] != "a" or what in heard):
            continue
        heard.add(what)
        if line["ev"] == "op.started" and line.get("op") == "prompt":
            text = f"keytone says: \"{line['text']}\""
        if text:
            sample = line["end"] if what == "sound_ended" else line["sample"]
            story.append((answered + sample / 8000, "agent", text))


def tell(story, began):
    # What the agent asks for comes before the packets of the tick that obeys it.
    for at, kind, text, *more in sorted(story, key=lambda entry: entry[0] - (TICK if entry[1] == "agent" else 0)):
        print(f"{at - began:8.3f} s  {kind:6s}{text.format(*(other - began for other in more))}", flush=True)


# ---- The call

class Demo:
    def __init__(self, server, folder):
        self.server, self.folder, self.programs = server, folder, Programs(folder)
        self.api, self.token_file = None, folder / "token"

    def private(self, name, text):
        """A file that its owner alone reads."""
        with open(os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        return self.folder / name

    def begin(self):
        """All programs, and the agent. Returns the address of SIP."""
        sip, second, agent, receiver = free_port(), free_port(), free_port(), free_port()
        http = free_port(8080)
        config = self.private("server.toml", f"""[sip]
listen = "127.0.0.1:{sip}"
trunk = "127.0.0.1:{second}"

[http]
listen = "127.0.0.1:{http}"

[store]
path = {json.dumps(str(self.folder / "keytone.db"))}

[recordings]
path = {json.dumps(str(self.folder / "recordings"))}
""")
        self.sip, self.second = sip, second
        token = output_of(self.server, "token", "create", "demo", "--config", config)
        self.private("token", token)
        secret = self.private("secret", output_of(
            self.server, "webhooks", "add", "demo", f"http://127.0.0.1:{receiver}/", "--config", config,
            "--allow-http-webhooks"))
        start = self.programs.start
        start("receiver", PYTHON, ROOT / "examples/webhook/receiver.py", secret, receiver, until="listening")
        start("agent", PYTHON, ROOT / "examples/agent/keytone_agent.py", agent, until="listening")
        self.service = start("service", self.server, "--config", config, "--allow-http-webhooks", "--log", "text",
                             "--drain", "5", until="service.http")
        self.phones = [start("second-phone", self.server, "answer", ROOT / "testdata/live/service.jsonl", "--listen",
                             f"127.0.0.1:{second}", "-o", self.folder / "second-phone", "--pcap",
                             self.folder / "second-phone.pcap", until="Waiting")]
        self.api = Api(f"http://127.0.0.1:{http}", token.strip())
        self.api.ask("PUT", "/api/v2/agent/desk", {
            "name": "The desk", "numbers": ["100"], "agentUrl": f"ws://127.0.0.1:{agent}/", "shape": "keytone",
            "transferEnabled": True, "transferNumber": NUMBER})
        print(f"The page:        {self.api.url}/ while this runs, longer with --stay; its token: {self.token_file}",
              flush=True)
        print("The agent:       desk, made by PUT /api/v2/agent/desk; its socket is dialled for each call to 100")

    def call(self):
        print("The call:        runs, some 15 s ...", flush=True)
        self.phones.append(self.programs.start(
            "caller", self.server, "call", ROOT / "testdata/live/prompt.jsonl", "--to",
            f"sip:100@127.0.0.1:{self.sip}", "-o", self.folder / "caller", "--pcap", self.folder / "caller.pcap"))
        for phone in reversed(self.phones):
            if phone.wait(60) != 0:
                raise Failure(f"a phone did not end as it should: {self.texts()}")
        end = time.monotonic() + 20
        while True:
            calls = self.api.ask("GET", "/api/v2/calls")["calls"]
            deliveries = self.api.ask("GET", "/api/v2/deliveries")["deliveries"]
            if calls and calls[0]["state"] == "ended" and deliveries and deliveries[0]["state"] == "delivered":
                return calls[0]
            if time.monotonic() > end:
                raise Failure(f"the call or its report is not over: {self.texts()}")
            time.sleep(0.1)

    def texts(self):
        return "".join(f"\n--- {file.name}\n{file.read_text(errors='replace')}"
                       for file in sorted(self.folder.glob("*.txt")))

    def tell(self, call):
        """What happened, and whether it is what should have."""
        caller = PhoneTrace(self.folder / "caller.pcap", "the caller", self.port_of("caller"))
        second = PhoneTrace(self.folder / "second-phone.pcap", "the second phone", self.second)
        events = self.api.raw("GET", f"/api/v2/calls/{call['session_id']}/events").decode().splitlines()
        story, began = [], caller.at("INVITE ", True)
        for trace in (caller, second):
            tell_signalling(trace, story)
            tell_keys(trace, story)
        tell_events(events, caller.answered(), story)
        bridged = next((at for at, _, text, *_ in story if text == BRIDGED), began)
        voice = next((at for at in caller.loud if at > bridged), None)
        if voice:
            story.append((voice, "RTP", "the caller hears the second phone's voice"))
        report_line = next(line for line in (self.folder / "receiver.txt").read_text().splitlines()
                           if line.startswith("signature is right: "))
        report = json.loads(report_line.split(": ", 1)[1])
        print("\nWhat happened, in seconds from the INVITE (SIP, RTP: packets as the phones saw them):\n")
        tell(story, began)
        data = report["data"]
        print(f"\nThe report came to the webhook, and its signature is right: {report['event']}, transferred "
              f"{str(data['call']['transferred']).lower()}, the agent's part {data['duration_seconds']} s")
        (self.folder / "report.json").write_text(json.dumps(report, indent=2) + "\n")
        with urllib.request.urlopen(data["recording_url"], timeout=10) as answer:
            (self.folder / "recording.wav").write_bytes(answer.read())
        pause = second.keys[0]["at"] - second.answered() if second.keys else 0
        pressed, heard = ("".join(key["key"] for key in trace.keys) for trace in (caller, second))
        print(f"The caller's phone got the key: {pressed or 'none'}")
        print(f"The second phone got the extension: {heard or 'none'}, {pause:.2f} s after it had answered")
        files = (("The report:", "report.json"), ("The recording:", "recording.wav (the agent's part, by its "
                  "signed URL)"), ("The caller:", "caller/timeline.png, what it heard: leg-a-heard.wav"),
                 ("The second one:", "second-phone/timeline.png, what it heard: leg-a-heard.wav"),
                 ("The packets:", "caller.pcap, second-phone.pcap"))
        print()
        for name, what in files:
            print(f"{name:16s} {self.folder}/{what}")
        wrong = [fault for fault, is_so in (
            (f"the caller should have got the key {KEY}", pressed != KEY),
            (f"the second phone should have got {EXTENSION}", heard != EXTENSION),
            ("the pause before the extension should have been 1 s", not 0.95 <= pause <= 1.3),
            ("the caller should have heard the second phone", voice is None),
            ("the report does not say that the call was transferred", data["call"]["transferred"] is not True),
            ("the report is of another call", data["session_id"] != call["session_id"])) if is_so]
        if wrong:
            raise Failure("; ".join(wrong))

    def port_of(self, phone):
        """The port of SIP from which a phone called: that of its INVITE."""
        for packet in packets_of(self.folder / f"{phone}.pcap"):
            if packet.payload.startswith(b"INVITE "):
                return packet.source
        raise Failure(f"{phone} sent no INVITE")

    def stay(self):
        signal.alarm(0)
        print(f"\nThe service stays for ten minutes, or until Ctrl-C: {self.api.url}/", flush=True)
        threading.Event().wait(LONGEST_STAY)


def stopped(number, _):
    raise SystemExit(128 + number)


def main():
    server, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, stopped)
    signal.alarm(LONGEST)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    demo = Demo(server, folder)
    try:
        demo.begin()
        demo.tell(demo.call())
        if "--stay" in sys.argv[3:]:
            demo.stay()
    except (Failure, OSError, ValueError, KeyError, StopIteration, subprocess.SubprocessError) as error:
        sys.exit(f"demo: {type(error).__name__ + ': ' if not isinstance(error, Failure) else ''}{error}")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)  # The end is bounded.
        demo.programs.end()


if __name__ == "__main__":
    main()
