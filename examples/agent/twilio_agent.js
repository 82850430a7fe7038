// SPDX-License-Identifier: MIT
//
// An agent for Twilio's Media Streams that presses keys: the same as keytone_agent.js, in Twilio's shape.
//
//     NODE_PATH=/usr/share/nodejs node twilio_agent.js [PORT]
//
// Needs `ws` (npm, or Debian's node-ws). keytone-server dials it: [agent] url = "ws://127.0.0.1:8765/",
// shape = "twilio". What is particular to keytone is in ask() alone, and in the outcomes, which have `ev`
// instead of `event`.
"use strict";
const { WebSocketServer } = require("ws");

const number = "+15303195426";
const extension = "221";
const pause = 0.7; // seconds of quiet, after which the menu has spoken

// A 16-bit sample as µ-law.
function encode(sample) {
  const magnitude = Math.min(Math.abs(sample) >> 2, 8158) + 33;
  const segment = Math.max(0, 26 - Math.clz32(magnitude));
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 1)) & 0xf)) & 0xff;
}

const chime = Buffer.from(
  Array.from({ length: 4000 }, (_, i) =>
    encode(Math.round(9000 * Math.exp(-i / 1333) * Math.sin((2 * Math.PI * 880 * i) / 8000)))),
).toString("base64");

function talk(socket) {
  let stream;
  let sound = 0;
  let quiet = 0;
  let pressed = false;
  const send = (frame) => socket.send(JSON.stringify(frame));
  const ask = (id, name, ...args) => send({ type: "based_call", id, name, args });
  const hear = (codes) => {
    // Sound is any sample of the four upper segments.
    if (codes.some((code) => (code & 0x7f) < 0x40)) {
      sound += 0.02;
      quiet = 0;
    } else {
      quiet += 0.02;
    }
    if (!pressed && sound > 0.3 && quiet > pause) {
      pressed = true;
      ask("key", "click_ivr", "1");
    }
  };
  socket.on("message", (data) => {
    const said = JSON.parse(data);
    if (said.event === "media") return hear(Buffer.from(said.media.payload, "base64"));
    console.log(said.event ?? said.ev, said.id ?? "");
    if (said.event === "start") stream = said.start.streamSid;
    if (said.event === "error") console.error(said.error.message);
    if (said.ev === "action.completed" && said.id === "key") {
      send({ event: "media", streamSid: stream, media: { payload: chime } });
      send({ event: "mark", streamSid: stream, mark: { name: "chime" } });
    }
    if (said.event === "mark") {
      // The chime was heard.
      ask("transfer", "transfer", number, { extension, pauseSeconds: 1, message: "Please hold the line." });
    }
  });
}

const port = Number(process.argv[2] ?? 8765);
const server = new WebSocketServer({ host: "127.0.0.1", port });
server.on("connection", talk);
server.on("listening", () => console.log("listening at", port));
