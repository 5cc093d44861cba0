import { deepStrictEqual } from "node:assert/strict";
import type { StatusPlace } from "./config.ts";
import { readStatusPlace } from "./read_status_place.ts";

const longest = `/${"a".repeat(106)}`;

const places: readonly (readonly [string, StatusPlace])[] = [
  ["none", { kind: "none" }],
  ["/run/siproxd/status.sock", { kind: "path", path: "/run/siproxd/status.sock" }],
  [longest, { kind: "path", path: longest }],
  ["127.0.0.1:9161", { kind: "tcp", host: "127.0.0.1", port: 9161 }],
  ["127.3.2.1:1", { kind: "tcp", host: "127.3.2.1", port: 1 }],
  ["[::1]:9161", { kind: "tcp", host: "::1", port: 9161 }],
];

for (const [text, value] of places) {
  Deno.test(`readStatusPlace() reads ${text.slice(0, 30)}`, () => {
    deepStrictEqual(readStatusPlace(text), { value, remarks: [] });
  });
}

const refused: readonly (readonly [string, string])[] = [
  [
    "status.sock",
    'Cannot use "status.sock": an absolute path, a loopback address:port or none is expected',
  ],
  ["9161", 'Cannot use "9161": an absolute path, a loopback address:port or none is expected'],
  [
    "192.168.1.1:9161",
    'Cannot use "192.168.1.1:9161": the status tells who telephones, only loopback may',
  ],
  [
    "localhost:9161",
    'Cannot use "localhost:9161": the status tells who telephones, only loopback may',
  ],
  [`${longest}a`, `Cannot use path "/${"a".repeat(59)}…": a socket takes 107 bytes`],
  [`/${"ä".repeat(54)}`, `Cannot use path "/${"ä".repeat(54)}": a socket takes 107 bytes`],
  ["127.0.0.1:70000", 'Cannot use port "70000": highest is 65535'],
];

for (const [text, message] of refused) {
  Deno.test(`readStatusPlace() refuses ${text.slice(0, 30)} (R28)`, () => {
    const { value, remarks } = readStatusPlace(text);
    deepStrictEqual([value, remarks.map((remark) => remark.message)], [undefined, [message]]);
  });
}
