import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { joinSdpLines, parseSdpPort, sdpTokens, splitSdpLines } from "./sdp_line.ts";

Deno.test("splitSdpLines() keeps every line ending", () => {
  deepStrictEqual(splitSdpLines("v=0\r\ns=-\n\r\nt=0 0"), [
    { text: "v=0", ending: "\r\n" },
    { text: "s=-", ending: "\n" },
    { text: "", ending: "\r\n" },
    { text: "t=0 0", ending: "" },
  ]);
});

Deno.test("joinSdpLines() gives the body again", () => {
  for (const body of ["", "\n", "\r\n", "\r", "v=0", "v=0\r\n\n\r\r\nx", "a\rb\r\n\n"]) {
    strictEqual(joinSdpLines(splitSdpLines(body)), body);
  }
});

Deno.test("sdpTokens() takes runs of spaces as one", () => {
  deepStrictEqual(sdpTokens("IN  IP4 10.0.0.1 "), ["IN", "IP4", "10.0.0.1"]);
  deepStrictEqual(sdpTokens(""), []);
});

Deno.test("parseSdpPort() takes digits up to 65535 only", () => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ["0", 0],
    ["7078", 7078],
    ["65535", 65535],
    ["65536", undefined],
    ["100000", undefined],
    ["", undefined],
    ["-1", undefined],
    ["+1", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    [" 5", undefined],
    ["5.0", undefined],
  ];
  for (const [text, port] of table) strictEqual(parseSdpPort(text), port, text);
});
