#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The digits of a WAV file of one channel and 16 bits, by libkeytone and ctypes:  hear.py call.wav"""
import ctypes
import os
import sys
import wave

keytone = ctypes.CDLL(os.environ.get("KEYTONE_LIBRARY", "libkeytone.so.0"))


class Report(ctypes.Structure):  # The first fields of keytone_report
    _fields_ = [("size", ctypes.c_size_t), ("kind", ctypes.c_int), ("key", ctypes.c_char), ("onset", ctypes.c_int64)]


class Config(ctypes.Structure):  # keytone_detector_config
    _fields_ = [("size", ctypes.c_size_t), ("rate_hz", ctypes.c_int32), ("profile", ctypes.c_char_p), ("sensitivity", ctypes.c_int)]


@ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Report))
def hear(_, report):
    if report[0].kind == 1:  # KEYTONE_REPORT_BEGIN
        print(report[0].key.decode(), "at", round(report[0].onset / rate, 3), "s")


config, detector = Config(), ctypes.c_void_p()
with wave.open(sys.argv[1]) as call:
    rate, samples = call.getframerate(), call.readframes(call.getnframes())
keytone.keytone_detector_config_init(ctypes.byref(config))
config.rate_hz = rate
if keytone.keytone_detector_create(ctypes.byref(config), ctypes.byref(detector)) != 0:
    sys.exit(f"hear.py: {rate} Hz is no rate of keytone's")
keytone.keytone_detector_process(detector, samples, ctypes.c_size_t(len(samples) // 2), hear, None)
keytone.keytone_detector_finish(detector, hear, None)
keytone.keytone_detector_destroy(detector)
