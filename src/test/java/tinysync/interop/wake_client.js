// Opens the wake connections of a list (JSON on stdin) with the npm package ws, and says what comes of them.
"use strict";

const WebSocket = require("ws");

function follow({ label, url, auth }) {
    const say = (event) => console.log(label + " " + event);
    const socket = new WebSocket(url, ["tinysync.v1"], { rejectUnauthorized: false });
    socket.on("open", () => {
        say("protocol " + socket.protocol);
        socket.send(JSON.stringify(auth));
    });
    socket.on("message", (data) => {
        const frame = JSON.parse(data);
        say(frame.type === "head" ? "head " + frame.head.seq : frame.type);
    });
    socket.on("close", (code) => say("close " + code));
    socket.on("error", (error) => say("error " + error.message));
}

let text = "";
process.stdin.on("data", (piece) => { text += piece; });
process.stdin.on("end", () => JSON.parse(text).forEach(follow));
