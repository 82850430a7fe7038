#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends a SIP user agent what nobody should, and looks whether it lives on.

    hostile.py PORT OWN_PORT udp|tcp [--count N] [--seed N] [--settle SECONDS]

First a fixed list of nasty messages, then N mutated ones; then waits so long that every answer that nobody
acknowledged is given up; then wants OPTIONS answered, and a call answered and ended. The agent has to take every
call. Exit code 0 when it passed, 1 with the last messages' names when it did not. The same seed sends the same.
"""

import argparse
import random
import re
import select
import socket
import sys
import time

HOST = "127.0.0.1"
PATIENCE = 5.0  # seconds for an answer, on a busy machine
# Messages; so many fit into a socket's buffer, and so many connections into the agent's queue.
CHECK_EVERY = {"udp": 40, "tcp": 4}
MOST_NAMES = 40
LARGEST_DATAGRAM = 65507
NOWHERE = "127.0.0.1:25099"  # Nobody listens there.


class Failure(Exception):
    """The agent does not answer any more."""


class Peer:
    """Our side of the network: sends, and remembers what was answered to each Call-ID."""

    MOST_REMEMBERED = 4000

    def __init__(self, port, own_port, transport):
        self.agent = (HOST, port)
        self.transport = transport
        self.place = f"{HOST}:{own_port}"
        self.sent = 0
        self.recent = []  # names of what was sent last
        self.received = []
        self.to_tags = {}  # by Call-ID
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind((HOST, own_port))
        self.datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.stream = None
        self.unread = b""

    def reconnect(self):
        """Drops the connection; the next message begins another."""
        if self.stream:
            self.stream.close()
        self.stream = None
        self.unread = b""

    def send(self, message, name):
        self.sent += 1
        self.recent = self.recent[-MOST_NAMES:] + [name]
        try:
            if self.transport == "udp":
                self.datagrams.sendto(message[:LARGEST_DATAGRAM], self.agent)
            else:
                if self.stream is None:
                    self.stream = socket.create_connection(self.agent, PATIENCE)
                    self.stream.settimeout(PATIENCE)
                self.stream.sendall(message)
        except OSError:  # It may well refuse: what counts is whether it answers others.
            self.reconnect()
        self.receive(0)

    def receive(self, seconds):
        """Takes what comes within so many seconds; returns at the first that does, or with what is there."""
        while True:
            sources = [self.datagrams] + ([self.stream] if self.stream else [])
            ready = select.select(sources, [], [], seconds)[0]
            if not ready:
                return
            seconds = 0
            if self.datagrams in ready:
                try:
                    self.take(self.datagrams.recv(65535))
                except OSError:
                    pass
            if self.stream in ready:
                self.receive_stream()

    def receive_stream(self):
        try:
            data = self.stream.recv(65535)
        except OSError:
            data = b""
        if not data:
            self.reconnect()
            return
        self.unread += data
        while b"\r\n\r\n" in self.unread:
            head = self.unread.index(b"\r\n\r\n") + 4
            length = re.search(rb"\ncontent-length\s*:\s*(\d+)", self.unread[:head], re.I)
            end = head + (int(length.group(1)) if length else 0)
            if len(self.unread) < end:
                return
            self.take(self.unread[:end])
            self.unread = self.unread[end:]

    def take(self, message):
        self.received = self.received[-self.MOST_REMEMBERED :] + [message]
        call_id = re.search(rb"\ncall-id\s*:\s*(\S+)", message, re.I)
        tag = re.search(rb"\nto\s*:[^\r\n]*;tag=([^;\s]+)", message, re.I)
        if message.startswith(b"SIP/2.0") and call_id and tag:
            self.to_tags[call_id.group(1).decode("latin1")] = tag.group(1).decode("latin1")

    def answer(self, call_id, begin, method=""):
        """The answer that begins so; nothing when none comes in time."""
        end = time.monotonic() + PATIENCE
        seen = 0
        while True:
            for message in self.received[seen:]:
                if message.startswith(begin) and call_id.encode() in message and method.encode() in message:
                    return message
            seen = 0 if len(self.received) >= self.MOST_REMEMBERED else len(self.received)
            left = end - time.monotonic()
            if left <= 0:
                return None
            self.receive(left)

    def wait(self, seconds):
        """Reads, and answers nothing."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.receive(left)


class Caller:
    """Makes messages that are right but for what is asked for, and valid calls."""

    def __init__(self, peer, port, seed):
        self.peer = peer
        self.port = port
        self.seed = seed
        self.made = 0
        self.description = (
            f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\nm=audio 25092 RTP/AVP 0 101\r\n"
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
        ).encode()

    def new_name(self):
        """For a Call-ID or a branch: no two are alike, and none begins like another."""
        self.made += 1
        return f"h{self.seed}{self.peer.transport}{self.made}h"

    def message(
        self,
        method,
        call_id,
        number=1,
        to_tag="",
        from_tag="f1",
        contact=None,
        headers="",
        body=b"",
        body_type="application/sdp",
        via=None,
        length=None,
        user="agent",
        forwards="70",
        branch=None,
        without=(),
    ):
        place = self.peer.place
        if via is None:
            via = f"SIP/2.0/{self.peer.transport.upper()} {place};branch=z9hG4bK{branch or self.new_name()};rport"
        fields = [
            ("Via", via),
            ("From", f'"P" <sip:peer@{place}>;tag={from_tag}'),
            ("To", f"<sip:{user}@{HOST}>" + (f";tag={to_tag}" if to_tag else "")),
            ("Call-ID", call_id),
            ("CSeq", f"{number} {method}"),
            ("Max-Forwards", forwards),
            ("Contact", f"<sip:peer@{place}>" if contact is None else contact),
        ]
        lines = [f"{method} sip:{user}@{HOST}:{self.port} SIP/2.0"]
        lines += [f"{name}: {value}" for name, value in fields if name not in without and (value or name != "Contact")]
        lines += [headers.strip("\r\n")] if headers else []
        if body and "Content-Type" not in without:
            lines.append(f"Content-Type: {body_type}")
        if "Content-Length" not in without:
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + body

    def options_are_answered(self):
        """Asks up to six times; over TCP by a connection of its own."""
        for _ in range(6):
            call_id = self.new_name()
            self.peer.reconnect()
            self.peer.send(self.message("OPTIONS", call_id), "check: OPTIONS")
            if self.peer.answer(call_id, b"SIP/2.0 200"):
                return True
        return False

    def call(self):
        """Calls, and acknowledges the answer. The Call-ID and the other's tag; nothing when none came."""
        call_id = self.new_name()
        self.peer.reconnect()
        self.peer.send(self.message("INVITE", call_id, body=self.description), "valid INVITE")
        if not self.peer.answer(call_id, b"SIP/2.0 200"):
            return None
        tag = self.peer.to_tags.get(call_id, "")
        self.peer.send(self.message("ACK", call_id, to_tag=tag), "valid ACK")
        return call_id, tag

    def call_is_answered_and_ended(self):
        called = self.call()
        if not called:
            return False
        call_id, tag = called
        self.peer.send(self.message("BYE", call_id, 2, tag), "valid BYE")
        return self.peer.answer(call_id, b"SIP/2.0 200", " BYE") is not None


BAD_CONTACTS = [
    ":::",
    "*",
    "<:::>",
    "<sip:>",
    "<sip:@>",
    "<sip:a@[::1>",
    "<sip:a@::1]>",
    "<sip:a@[]:5060>",
    "<tel:+1>",
    "<http://x/>",
    f"<sip:a@{HOST}:99999999>",
    f"<sip:a@{HOST}:-1>",
    f'"unbalanced <sip:a@{NOWHERE}>',
    f"<sip:a@{NOWHERE}",
    f"<sip:a%00b@{NOWHERE}>",
    f"<sip:%0d%0a@{HOST}>",
    f"<sip:a@{NOWHERE};transport=foo>",
    f"<sip:a@{NOWHERE};lr=%>",
    f"<sips:a@{NOWHERE}>",
    ",",
    ",,,",
    ";",
    "<",
    ">",
    '""',
    "<>",
    "<sip:a@" + "h" * 3000 + ">",
]
BAD_HEADERS = [
    "Session-Expires: -1",
    "Session-Expires: 0",
    "Session-Expires: 99999999999;refresher=x",
    "Session-Expires: 1",
    "Min-SE: 99999999999",
    "Require: 100rel,foo,timer",
    "Supported: 100rel,timer\r\nSession-Expires: 90;refresher=uac",
    "Replaces: a;to-tag=b;from-tag=c",
    "Replaces: ;;;",
    "Replaces: x;early-only;from-tag=\r\nRequire: replaces",
    "Join: x",
    "Expires: 0",
    "Expires: -1",
    "Authorization: Digest " + "a=b," * 500,
    'Authorization: Digest username="',
    "Accept: ,,,",
    "Supported: 100rel\r\nRequire: 100rel",
    "Content-Encoding: gzip",
    "Timestamp: -1",
    "RAck: -1 -1 x",
    "Event: ;;",
    "Date: x",
    " folded: \r\n \r\n\t",
    ":",
    ": x",
    "X",
    "X :",
    "v: SIP/2.0/UDP x",
    "l: 5",
    "Identity: " + '"' * 300,
    'Subject: "a',
    "Subject: a\0b",
    "Subject: \udcff\udcfe\udcc3(",
    "\r\n".join(f"X-H{i}: {i}" for i in range(500)),
    "\r\n".join(f"Via: SIP/2.0/UDP {NOWHERE};branch=z{i}" for i in range(500)),
    "\r\n".join(f"Record-Route: <sip:{NOWHERE};lr;i={i}>" for i in range(500)),
]
BAD_FIRST_LINES = [
    "INVITE",
    "INVITE sip:a",
    "INVITE sip:a SIP/3.0",
    "INVITE  SIP/2.0",
    "INVITE ::: SIP/2.0",
    "INVITE tel:1 SIP/2.0",
    " SIP/2.0",
    "SIP/2.0",
    "SIP/2.0 200",
    "SIP/2.0 99999999999 OK",
    "SIP/2.0 -1 x",
    "SIP/2.0 000 x",
    "ACK * SIP/2.0",
    "\xff\xff",
    "INVITE sip:a@[::1 SIP/2.0",
]
BAD_REFERRALS = [
    f"<sip:x@{NOWHERE}?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>",
    f"<sip:x@{HOST}?Replaces=%00>",
    f"<sip:x@{NOWHERE};method=BYE?Replaces=>",
    "<tel:1>",
    ":::",
    "",
    "<sip:x?" + "a=b&" * 2000 + ">",
    "<sip:x@y?Replaces=a%3Bto-tag%3Db>\r\nRefer-To: <sip:z@z>",
    f"<sip:x@{NOWHERE}>\r\nReplaces: a;to-tag=b;from-tag=c",
]
BAD_LENGTHS = (-1, 0, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, "x", "", "1 2", "+5")


class FixedList:
    """Messages that have broken others, and their kin: each a name and a function that sends it."""

    def __init__(self, caller, dice):
        self.caller = caller
        self.peer = caller.peer
        self.dice = dice
        self.entries = []

    def all(self):
        self.add_addresses()
        self.add_fields()
        self.add_descriptions()
        self.add_strays()
        self.add_within_calls()
        self.add_orders()
        if self.peer.transport == "tcp":
            self.add_streams()
        self.add_cut_off()
        return self.entries

    def add(self, name, act):
        self.entries.append((name, act))

    def add_invite(self, name, **fields):
        fields.setdefault("body", self.caller.description)
        call_id = self.caller.new_name()
        self.add(name, lambda: self.peer.send(self.caller.message("INVITE", call_id, **fields), name))

    def add_within_call(self, name, act):
        def run():
            called = self.caller.call()
            if called:
                act(*called)

        self.add(name, run)

    def add_addresses(self):
        for bad in BAD_CONTACTS:
            self.add_invite(f"Contact {bad[:30]}", contact=bad)
            self.add_invite(f"Record-Route {bad[:30]}", headers=f"Record-Route: {bad}")
            self.add_invite(f"Route {bad[:30]}", headers=f"Route: {bad}")
            self.add_invite(f"Contact and Record-Route {bad[:30]}", contact=bad, headers=f"Record-Route: {bad}")
        self.add_invite("no Contact", contact="")
        self.add_invite("two Contacts", headers=f"Contact: <sip:x@{NOWHERE}>")
        self.add_invite("NUL in Contact", contact=f"<sip:a\0b@{NOWHERE}>")
        self.add_invite("no UTF-8 in Contact", contact=f'"\udcff" <sip:\udcc3@{NOWHERE}>')
        self.add_invite("no UTF-8 in To", user="\udcff\udc80")

    def add_fields(self):
        fields = ("Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type")
        for field in fields:
            self.add_invite(f"no {field}", without=(field,))
        self.add_invite("no header at all", without=fields + ("Contact",))
        size = len(self.caller.description)
        for length in BAD_LENGTHS + (size + 50, size - 50):
            self.add_invite(f"Content-Length {length}", length=length)
        for forwards in ("0", "-1", "99999999999", "", "x"):
            self.add_invite(f"Max-Forwards {forwards}", forwards=forwards)
        for header in BAD_HEADERS:
            self.add_invite(f"header {header[:30]}", headers=header)
        self.add_invite("header of 60 000 bytes", headers="Subject: " + "A" * 60000, body=b"")
        self.add_invite("tag of 60 000 bytes", from_tag="t" * 60000, body=b"")
        self.add_invite("NUL in the tag", from_tag="a\0b")
        self.add_invite("three tags", to_tag="a;tag=b;tag=c")
        self.add_invite("empty tag", to_tag=" ")
        for via in (
            "SIP/2.0/UDP [::1:25070;branch=z9",
            f"SIP/2.0/UDP {NOWHERE}",
            f"SIP/2.0/UDP {HOST}:999999;branch=z9hG4bKx;rport=99999999;received=::::",
            f"SIP/2.0/XXX {NOWHERE};branch=z9hG4bKy;maddr=:::;ttl=-1",
            ";",
        ):
            self.add_invite(f"Via {via}", via=via)
        for line in BAD_FIRST_LINES:
            rest = self.caller.message("INVITE", self.caller.new_name(), body=self.caller.description)
            message = line.encode("latin1") + b"\r\n" + rest.split(b"\r\n", 1)[1]
            self.add(f"line {line}", lambda message=message, line=line: self.peer.send(message, f"line {line}"))

    def add_descriptions(self):
        usual = self.caller.description
        for body in (
            bytes(self.dice.randrange(256) for _ in range(2000)),
            b"v=0",
            b"\0" * 500,
            b"m=audio",
            b"v=0\r\nm=audio 99999999999 RTP/AVP " + b"0 " * 5000 + b"\r\n",
            b"v=0\r\nc=IN IP6 :::::\r\nm=audio -1 RTP/AVP -1 999\r\na=rtpmap:-1 /////\r\na=fmtp:\r\na=:\r\n",
            usual + b"a=rtpmap:0 PCMU/0/0\r\na=rtpmap:300 X/99999999999/999999\r\n" * 300,
            usual + b"m=video 0 RTP/AVP 96\r\n" * 300,
            usual * 100,
            usual.replace(b"\r\n", b"\n"),
            usual.replace(b"=", b""),
        ):
            self.add_invite(f"description {body[:20]!r}", body=body)

    def add_strays(self):
        headers = (
            "RAck: 1 1 INVITE\r\nEvent: refer\r\nSubscription-State: active\r\n"
            f"Refer-To: <sip:x@{NOWHERE}?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>"
        )
        methods = "ACK BYE CANCEL PRACK UPDATE INFO NOTIFY REFER SUBSCRIBE MESSAGE PUBLISH REGISTER OPTIONS FOO invite"
        for method in methods.split():
            for tag in ("", "nope"):
                for body in (b"", self.caller.description):
                    fields = {"to_tag": tag, "body": body, "headers": headers}
                    self.add_message(f"stray {method}", method, fields)
        headers = 'WWW-Authenticate: Digest realm="x",nonce="y"\r\nRSeq: 1\r\nRequire: 100rel'
        for status in (100, 180, 183, 200, 202, 301, 302, 401, 407, 408, 422, 481, 487, 500, 603, 699):
            for method in ("INVITE", "BYE", "OPTIONS", "REFER"):
                fields = {"to_tag": "q", "body": self.caller.description, "headers": headers}
                self.add_message(f"stray {status} {method}", method, fields, f"SIP/2.0 {status} X")
        for referral in BAD_REFERRALS:
            self.add_message(f"stray REFER {referral[:30]}", "REFER", {"headers": f"Refer-To: {referral}"})

    def add_message(self, name, method, fields, first_line=None):
        message = self.caller.message(method, self.caller.new_name(), **fields)
        if first_line:
            message = first_line.encode() + b"\r\n" + message.split(b"\r\n", 1)[1]
        self.add(name, lambda: self.peer.send(message, name))

    def add_within_calls(self):
        usual = self.caller.description
        for bad in BAD_CONTACTS + [""]:
            for method in ("INVITE", "UPDATE", "REFER", "INFO", "SUBSCRIBE"):
                body = usual if method in ("INVITE", "UPDATE") else b""
                self.add_requests(
                    f"{method} in a call, {bad[:20]}",
                    [(method, {"contact": bad, "body": body, "headers": f"Record-Route: {bad}\r\nRefer-To: {bad}"})],
                )
        for referral in BAD_REFERRALS:
            headers = f"Refer-To: {referral}\r\nReferred-By: {referral}"
            self.add_requests(f"REFER in a call, {referral[:30]}", [("REFER", {"headers": headers})])
        self.add_within_call("REFER to replace itself", self.refer_to_itself)
        self.add_within_call("INVITE to replace the call", self.replace_itself)
        numbers = (0, -1, 2**31, 2**32 - 1, 2**32, 2**64, 1, 3)
        self.add_requests("CSeq", [("INVITE", {"number": number, "body": usual}) for number in numbers])
        self.add_requests("CANCEL of an answered call", [("CANCEL", {"number": 1})])
        storm = "INVITE UPDATE INVITE BYE INVITE UPDATE BYE CANCEL ACK REFER".split()
        self.add_requests("storm", [(method, {"body": usual}) for method in storm])
        notify = {"body": b"SIP/2.0 200 OK", "body_type": "message/sipfrag"}
        self.add_requests(
            "NOTIFY",
            [
                ("NOTIFY", {"headers": headers, **notify})
                for headers in (
                    "",
                    "Event: refer",
                    "Event: refer;id=-1\r\nSubscription-State: terminated",
                    "Event: ;",
                    "Event: refer\r\nSubscription-State: ;;",
                )
            ],
        )
        intervals = ("90;refresher=uac", "0", "-1", "90;refresher=uas", "4294967296", "1;refresher=uas", "x")
        self.add_requests(
            "Session-Expires",
            [("UPDATE", {"headers": f"Supported: timer\r\nSession-Expires: {interval}"}) for interval in intervals],
        )

    def add_requests(self, name, requests):
        def send_all(call_id, tag):
            for number, (method, fields) in enumerate(requests, 2):
                fields = {"number": number, "to_tag": tag, **fields}
                self.peer.send(self.caller.message(method, call_id, **fields), f"{name}: {method}")

        self.add_within_call(name, send_all)

    def refer_to_itself(self, call_id, tag):
        replaced = f"Replaces={call_id}%3Bto-tag%3D{tag}%3Bfrom-tag%3Df1"
        headers = f"Refer-To: <sip:agent@{HOST}:{self.caller.port}?{replaced}>"
        self.peer.send(self.caller.message("REFER", call_id, 2, tag, headers=headers), "REFER to replace itself")

    def replace_itself(self, call_id, tag):
        headers = f"Replaces: {call_id};to-tag={tag};from-tag=f1"
        message = self.caller.message(
            "INVITE", self.caller.new_name(), from_tag="z", headers=headers, body=self.caller.description
        )
        self.peer.send(message, "INVITE to replace the call")

    def add_orders(self):
        """INVITE and CANCEL of one transaction, in every order."""
        for order in ("CI", "IC", "CIC", "ICC", "IIC", "CCI", "ICI"):
            call_id, branch = self.caller.new_name(), self.caller.new_name()
            messages = {
                "I": self.caller.message("INVITE", call_id, body=self.caller.description, branch=branch),
                "C": self.caller.message("CANCEL", call_id, branch=branch),
            }

            def run(order=order, messages=messages):
                for letter in order:
                    self.peer.send(messages[letter], f"order {order}")

            self.add(f"order {order}", run)

    def add_cut_off(self):
        """One message, ended behind each of its bytes."""
        whole = self.caller.message(
            "INVITE", self.caller.new_name(), body=self.caller.description, headers=f"Record-Route: <sip:{NOWHERE};lr>"
        )
        for size in range(len(whole)):
            message = whole.replace(b"z9hG4bK", b"z9hG4bKc%d" % size)[:size]

            def run(message=message, name=f"cut off at {size}"):
                self.peer.reconnect()
                self.peer.send(message, name)

            self.add(f"cut off at {size}", run)

    def add_streams(self):
        methods = ["OPTIONS", "INVITE", "ACK", "BYE", "INVITE", "OPTIONS"] * 20
        many = [self.caller.message(method, self.caller.new_name()) for method in methods]
        self.add_stream("many in one", [b"".join(many)])
        options = self.caller.message("OPTIONS", self.caller.new_name())
        self.add_stream("byte by byte", [bytes([byte]) for byte in options])
        self.add_stream("no end of headers", [b"INVITE sip:a@b SIP/2.0\r\n"] + [b"X: " + b"y" * 2000 + b"\r\n"] * 200)
        self.add_stream("no end of line", [b"z" * 10000] * 100)
        self.add_stream("keep-alives", [b"\r\n\r\n" * 500])
        endless = self.caller.message("INVITE", self.caller.new_name(), length=2**31 - 1)
        self.add_stream("no end of body", [endless] + [b"q" * 10000] * 50)
        for length in (2**32 - 1, 2**32 - 200, 2**31 - 1, 2**63):
            second = self.caller.message("OPTIONS", self.caller.new_name(), length=length)
            self.add_stream(f"second with Content-Length {length}", [options + second + b"abc"])
        self.add("many connections", self.many_connections)

    def add_stream(self, name, parts):
        def run():
            self.peer.reconnect()
            for part in parts:
                self.peer.send(part, name)

        self.add(name, run)

    def many_connections(self):
        connections = []
        try:
            for _ in range(150):  # The agent's queue is short: what finds no place is not waited for.
                connections.append(socket.create_connection(self.peer.agent, 0.2))
                connections[-1].sendall(b"INVITE sip:")
        except OSError:
            pass
        for connection in connections:
            connection.close()


TOKENS = [
    *":::|*||-1|0|4294967296|99999999999|<sip:>|\"|<|>|;|,|%00|%|[|]|[::1|=|\0|\xff\xfe".split("|"),
    *"z9hG4bK|tag=|sip:|tel:1|SIP/2.0|@|\r\n|\r|\n| |\t|127.0.0.1|INVITE|BYE|refresher=uac|;lr|?Replaces=a|100rel|timer".split("|"),
    "A" * 500,
]
NUMBERS = b"0 -1 2147483648 4294967295 4294967296 99999999999 18446744073709551616 65536".split() + [b""]
ADDRESSES = [
    *(b":::", b"*", b"<sip:>", b"<sip:@x>", b"<tel:1>", b"<sip:a@[::1>", b"<sips:>", b"sip:a", b'"x'),
    f"<sip:x@{NOWHERE};transport=tcp>".encode(),
    f"<sip:x@{NOWHERE};maddr=:::>".encode(),
]
METHODS = (
    "INVITE INVITE INVITE INVITE INVITE INVITE again again again UPDATE UPDATE UPDATE BYE BYE REFER REFER "
    "INFO OPTIONS CANCEL ACK NOTIFY PRACK SUBSCRIBE MESSAGE response"
).split()


class Mutator:
    """Messages of calls that go on, with a few faults each."""

    MOST_CALLS = 60

    def __init__(self, caller, dice):
        self.caller = caller
        self.dice = dice
        self.calls = []  # Call-ID, the INVITE's branch, the last CSeq

    def next(self):
        """A name and a message."""
        kind = self.dice.choice(METHODS)
        message = self.fitting(kind)
        for _ in range(self.dice.choice([0, 1, 1, 1, 2, 2, 3, 5])):
            message = self.dice.choice(self.FAULTS)(self, message)
        return kind, message

    def fitting(self, kind):
        make = self.caller.message
        description = self.caller.description
        if kind == "INVITE":
            return self.first_invite()
        call = self.dice.choice(self.calls[-20:]) if self.calls and self.dice.random() < 0.9 else ["none", "none", 1]
        call_id, branch, _ = call
        tag = self.caller.peer.to_tags.get(call_id, "none")
        if kind == "ACK":
            return make("ACK", call_id, 1, tag)
        if kind == "CANCEL":
            return make("CANCEL", call_id, 1, branch=branch)
        call[2] += 1
        if kind == "response":
            return self.response(call_id, tag)
        headers = {
            "again": f"Record-Route: <sip:{NOWHERE};lr>\r\nSession-Expires: 90;refresher=uac\r\nSupported: timer",
            "UPDATE": "Session-Expires: 90;refresher=uas\r\nSupported: timer",
            "REFER": "Refer-To: <tel:+123>",
            "NOTIFY": "Event: refer\r\nSubscription-State: terminated;reason=noresource",
            "PRACK": "RAck: 1 1 INVITE",
            "SUBSCRIBE": "Event: refer\r\nExpires: 10",
        }.get(kind, "")
        body, body_type = {
            "again": (description, "application/sdp"),
            "UPDATE": (description if self.dice.random() < 0.6 else b"", "application/sdp"),
            "INFO": (b"Signal=5\r\nDuration=100\r\n", "application/dtmf-relay"),
            "NOTIFY": (b"SIP/2.0 200 OK\r\n", "message/sipfrag"),
            "MESSAGE": (b"hi", "text/plain"),
        }.get(kind, (b"", ""))
        method = "INVITE" if kind == "again" else kind
        return make(method, call_id, call[2], tag, headers=headers, body=body, body_type=body_type)

    def first_invite(self):
        call = [self.caller.new_name(), self.caller.new_name(), 1]
        self.calls = self.calls[-self.MOST_CALLS :] + [call]
        headers = self.dice.choice(
            [
                f"Record-Route: <sip:{NOWHERE};lr>",
                "Supported: timer,100rel\r\nSession-Expires: 90",
                "Require: 100rel",
                "Allow: INVITE,UPDATE",
                "Replaces: x;to-tag=y;from-tag=z",
                "X-A: b",
            ]
        )
        body = self.caller.description if self.dice.random() < 0.85 else b""
        return self.caller.message("INVITE", call[0], branch=call[1], headers=headers, body=body)

    def response(self, call_id, tag):
        """To a request of the agent's if there is one."""
        requests = [message for message in self.caller.peer.received[-50:] if not message.startswith(b"SIP/2.0")]
        if not requests:
            stray = self.caller.message("BYE", call_id, 2, tag)
            return b"SIP/2.0 200 OK\r\n" + stray.split(b"\r\n", 1)[1]
        lines = self.dice.choice(requests).split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
        kept = [line for line in lines if re.match(rb"(via|from|to|call-id|cseq)\s*:", line, re.I)]
        status = b"SIP/2.0 %d X" % self.dice.choice([100, 200, 302, 401, 407, 481, 491, 500])
        end = b'WWW-Authenticate: Digest realm="x",nonce="y"\r\nContent-Length: 0\r\n\r\n'
        return b"\r\n".join([status, *kept, end])

    def token(self):
        return self.dice.choice(TOKENS).encode("latin1")

    def flip_bits(self, message):
        changed = bytearray(message)
        for _ in range(self.dice.choice([1, 1, 2, 4, 16])):
            if changed:
                changed[self.dice.randrange(len(changed))] ^= 1 << self.dice.randrange(8)
        return bytes(changed)

    def put_token(self, message):
        at = self.dice.randrange(len(message) + 1)
        return message[:at] + self.token() + message[at + self.dice.choice([0, 0, 1, 5]) :]

    def swap_words(self, message):
        words = re.split(rb"([\s;:=<>@,]+)", message)
        a, b = self.dice.randrange(0, len(words), 2), self.dice.randrange(0, len(words), 2)
        words[a], words[b] = words[b], words[a]
        return b"".join(words)

    def replace_word(self, message):
        words = re.split(rb"([\s;:=<>@,]+)", message)
        words[self.dice.randrange(0, len(words), 2)] = self.token()
        return b"".join(words)

    def change_line(self, message, change):
        head, blank, body = message.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        if len(lines) > 2:
            at = self.dice.randrange(1, len(lines))
            lines[at : at + 1] = change(lines[at])
        return b"\r\n".join(lines) + blank + body

    def repeat_line(self, message):
        return self.change_line(message, lambda line: [line] * self.dice.choice([2, 2, 3, 30]))

    def drop_line(self, message):
        return self.change_line(message, lambda line: [])

    def empty_line(self, message):
        return self.change_line(message, lambda line: [line.split(b":", 1)[0] + b": " + self.token()])

    def change_number(self, message):
        found = list(re.finditer(rb"\d+", message))
        if not found:
            return message
        place = self.dice.choice(found)
        return message[: place.start()] + self.dice.choice(NUMBERS) + message[place.end() :]

    def cut_off(self, message):
        return message[: self.dice.randrange(len(message) + 1)] if self.dice.random() < 0.4 else message

    def change_address(self, message):
        names = [b"Contact", b"Record-Route", b"Via", b"To", b"From", b"Route", b"Refer-To", b"Session-Expires"]
        name = self.dice.choice(names)
        line = name + b": " + self.dice.choice(ADDRESSES)
        return re.sub(rb"(?im)^" + name + rb":[^\r\n]*", lambda _: line, message)

    def change_body(self, message):
        head, blank, body = message.partition(b"\r\n\r\n")
        changed = bytearray(body)
        for _ in range(5):
            if changed:
                changed[self.dice.randrange(len(changed))] = self.dice.randrange(256)
        return head + blank + bytes(changed)

    FAULTS = (
        *(flip_bits, put_token, swap_words, replace_word, repeat_line, drop_line, empty_line),
        *(change_number, cut_off, change_address, change_body),
    )


def demand_life(caller, where):
    if not caller.options_are_answered():
        raise Failure(f"no answer to OPTIONS behind: {where}")


def send_fixed_list(caller, dice):
    for count, (name, act) in enumerate(FixedList(caller, dice).all(), 1):
        act()
        if caller.peer.transport == "tcp" and dice.random() < 0.5:
            caller.peer.reconnect()
        if count % CHECK_EVERY[caller.peer.transport] == 0:
            demand_life(caller, name)
    demand_life(caller, "the fixed list")


def send_mutated(caller, dice, count):
    mutator = Mutator(caller, dice)
    for number in range(1, count + 1):
        kind, message = mutator.next()
        caller.peer.send(message, f"mutated {number}, {kind}")
        if caller.peer.transport == "tcp" and dice.random() < 0.25:
            caller.peer.reconnect()
        if number % CHECK_EVERY[caller.peer.transport] == 0:
            demand_life(caller, f"mutated {number}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("own_port", type=int)
    parser.add_argument("transport", choices=["udp", "tcp"])
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settle", type=float, default=33.0)
    options = parser.parse_args()
    peer = Peer(options.port, options.own_port, options.transport)
    caller = Caller(peer, options.port, options.seed)
    dice = random.Random(options.seed)
    begin = time.monotonic()

    def say(what):
        print(f"{options.transport}: {what}: {peer.sent} sent, {time.monotonic() - begin:.1f} s", flush=True)

    try:
        demand_life(caller, "nothing")
        send_fixed_list(caller, dice)
        say("fixed list")
        send_mutated(caller, dice, options.count)
        say("mutated")
        peer.wait(options.settle)
        demand_life(caller, "the wait for lost ACKs")
        if not caller.call_is_answered_and_ended():
            raise Failure("a valid call is not answered and ended")
    except Failure as failure:
        print(f"{options.transport}: {failure}; the last: {peer.recent}", flush=True)
        return 1
    say("alive")
    return 0


if __name__ == "__main__":
    sys.exit(main())
