#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The digits of 16-bit samples at 8 kHz, by libkeytone and koffi:  npm install koffi; node hear.js call.sln
const koffi = require("koffi");
const keytone = koffi.load(process.env.KEYTONE_LIBRARY || "libkeytone.so.0");

koffi.struct("keytone_report", { // its first fields
    size: "size_t", kind: "int", key: "char", onset: "int64_t",
});
koffi.opaque("keytone_detector");
const Sink = koffi.proto("void keytone_report_sink(void *user, const keytone_report *report)");
const create = keytone.func("int keytone_detector_create(const void *config, _Out_ keytone_detector **detector)");
const hear = keytone.func("int keytone_detector_process(keytone_detector *detector, const int16_t *samples, size_t count, keytone_report_sink *sink, void *user)");
const finish = keytone.func("int keytone_detector_finish(keytone_detector *detector, keytone_report_sink *sink, void *user)");
const destroy = keytone.func("void keytone_detector_destroy(keytone_detector *detector)");

const bytes = require("fs").readFileSync(process.argv[2]);
const print = koffi.register((user, pointer) => {
    const report = koffi.decode(pointer, "keytone_report");
    if (report.kind === 1) { // KEYTONE_REPORT_BEGIN
        console.log(String.fromCharCode(report.key), "at", Number(report.onset) / 8000, "s");
    }
}, koffi.pointer(Sink));
const made = [null];
if (create(null, made) !== 0) throw new Error("no detector"); // null: the defaults, 8 kHz
hear(made[0], bytes, bytes.length / 2, print, null);
finish(made[0], print, null);
destroy(made[0]);
koffi.unregister(print);
