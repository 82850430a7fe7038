#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Has GStreamer's rtpdtmfsrc send keys, and writes its RTP packets to standard output, each behind its length (RFC 4571).

    rtpdtmfsrc.py CLOCK_RATE CODE...

The element goes by real time: 370 ms a key, of which 280 ms sound. Ends when the last key's three end packets are out;
after 30 s it fails. Exit code 77 where GStreamer, its Python binding or the element is not installed.
"""

import sys

NOT_INSTALLED = 77
END_PACKETS = 3

try:
    import gi

    gi.require_version("Gst", "1.0")
    from gi.repository import GLib, Gst
except (ImportError, ValueError) as error:
    print(error, file=sys.stderr)
    sys.exit(NOT_INSTALLED)


def key_event(start, code):
    """The element's own event: a key is pressed, or released."""
    fields = Gst.Structure.new_empty("dtmf-event")
    fields.set_value("type", 1)
    fields.set_value("method", 1)
    fields.set_value("start", start)
    if start:
        fields.set_value("number", code)
        fields.set_value("volume", 10)
    return Gst.Event.new_custom(Gst.EventType.CUSTOM_UPSTREAM, fields)


def main():
    rate, codes = int(sys.argv[1]), [int(code) for code in sys.argv[2:]]
    Gst.init(None)
    if not all(map(Gst.ElementFactory.find, ("rtpdtmfsrc", "rtpstreampay", "fdsink"))):
        print("GStreamer without rtpdtmfsrc, rtpstreampay or fdsink", file=sys.stderr)
        return NOT_INSTALLED
    pipeline = Gst.parse_launch(
        f"rtpdtmfsrc name=keys pt=101 clock-rate={rate} packet-redundancy={END_PACKETS} ! "
        f"application/x-rtp,media=audio,encoding-name=TELEPHONE-EVENT,payload=101,clock-rate={rate},ptime=(uint)20 ! "
        "rtpstreampay ! fdsink fd=1 async=false sync=false"
    )
    pad = pipeline.get_by_name("keys").get_static_pad("src")
    loop = GLib.MainLoop()
    ends = 0
    done = False

    def count(_, info):
        nonlocal ends, done
        packet = info.get_buffer()
        ends += packet.extract_dup(13, 1)[0] >> 7
        if ends == END_PACKETS * len(codes) and not done:
            done = True
            GLib.idle_add(pipeline.send_event, Gst.Event.new_eos())
        return Gst.PadProbeReturn.OK

    def quit_at_end(_, message):
        if message.type in (Gst.MessageType.EOS, Gst.MessageType.ERROR):
            loop.quit()

    pad.add_probe(Gst.PadProbeType.BUFFER, count)
    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", quit_at_end)
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_state(5 * Gst.SECOND)
    for code in codes:
        # They are queued in the element, which gives each its least length and pause.
        if not (pad.send_event(key_event(True, code)) and pad.send_event(key_event(False, code))):
            print("rtpdtmfsrc takes no events", file=sys.stderr)
            return 1
    GLib.timeout_add_seconds(30, loop.quit)
    loop.run()
    pipeline.set_state(Gst.State.NULL)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
