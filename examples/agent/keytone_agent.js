// SPDX-License-Identifier: MIT
//
// An agent in keytone's shape: waits until a menu has spoken, presses 1, plays a chime, and hands the call on.
//
//     NODE_PATH=/usr/share/nodejs node keytone_agent.js [PORT]
//
// Needs `ws` (npm, or Debian's node-ws). keytone-server dials it: [agent] url = "ws://127.0.0.1:8765/".
"use strict";
const { WebSocketServer } = require("ws");

const number = "+15303195426";
const extension = "221";
const loud = 500; // of 32767: what counts as sound
const pause = 0.7; // seconds of quiet, after which the menu has spoken

// Half a second of a tone that fades away, as 16-bit samples.
function chime(rate) {
  const bytes = Buffer.alloc(rate);
  for (let i = 0; i < rate / 2; ++i) {
    bytes.writeInt16LE(Math.round(9000 * Math.exp((-6 * i) / rate) * Math.sin((2 * Math.PI * 880 * i) / rate)), 2 * i);
  }
  return bytes;
}

function talk(socket) {
  let rate = 8000;
  let sound = 0;
  let quiet = 0;
  let pressed = false;
  const ask = (id, name, ...args) => socket.send(JSON.stringify({ type: "based_call", id, name, args }));
  const hear = (bytes) => {
    let peak = 0;
    for (let i = 0; i + 1 < bytes.length; i += 2) peak = Math.max(peak, Math.abs(bytes.readInt16LE(i)));
    const seconds = bytes.length / 2 / rate;
    if (peak > loud) {
      sound += seconds;
      quiet = 0;
    } else {
      quiet += seconds;
    }
    if (!pressed && sound > 0.3 && quiet > pause) {
      pressed = true;
      ask("key", "click_ivr", "1");
    }
  };
  socket.on("message", (data, isBinary) => {
    if (isBinary) return hear(data);
    const said = JSON.parse(data);
    console.log(said.ev, said.id ?? "");
    if (said.ev === "call.began") rate = said.rate;
    if (said.ev === "error") console.error(said.message);
    if (said.ev === "action.completed" && said.id === "key") {
      socket.send(chime(rate));
      socket.send(JSON.stringify({ ev: "mark", name: "chime" }));
    }
    if (said.ev === "mark") {
      // The chime was heard.
      ask("transfer", "transfer", number, { extension, pauseSeconds: 1, message: "Please hold the line." });
    }
  });
}

const port = Number(process.argv[2] ?? 8765);
const server = new WebSocketServer({ host: "127.0.0.1", port });
server.on("connection", talk);
server.on("listening", () => console.log("listening at", port));
