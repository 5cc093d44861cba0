import { strictEqual } from "node:assert/strict";
import { describeType, type OptionType } from "./schema.ts";

const types: readonly (readonly [OptionType, string])[] = [
  [{ kind: "integer", min: 1, max: 9 }, "number 1…9"],
  [{ kind: "integer", min: 1, max: 9, unit: "seconds" }, "number 1…9 (seconds)"],
  [{ kind: "flag", other: "on" }, "0 or 1"],
  [{ kind: "choice", choices: ["any", "known"] }, "any or known"],
  [{ kind: "debug-pattern" }, "number or class names joined by commas"],
  [{ kind: "text", maxLengthChars: 3 }, "text"],
  [{ kind: "secret", maxLengthChars: 3 }, "password"],
  [{ kind: "path" }, "path"],
  [{ kind: "host" }, "host name or address"],
  [{ kind: "address" }, "address"],
  [{ kind: "interface" }, "interface name or address"],
  [{ kind: "host-port" }, "address:port"],
  [{ kind: "host-port", defaultHost: "127.0.0.1" }, "address:port, or a port of 127.0.0.1"],
  [{ kind: "status-place" }, "path, loopback address:port, or none"],
  [{ kind: "plugin-name" }, "plugin name"],
  [{ kind: "log-levels" }, "component:level,component:level,…"],
  [{ kind: "access-list" }, "address/bits,address/bits,…"],
];

for (const [type, words] of types) {
  Deno.test(`describeType() calls ${type.kind} "${words}"`, () => {
    strictEqual(describeType(type), words);
  });
}
