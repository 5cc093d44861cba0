import { strictEqual } from "node:assert/strict";
import { hexDump } from "./hex_dump.ts";

Deno.test("hexDump() writes full and short lines in siproxd's columns", () => {
  const bytes = new TextEncoder().encode("OPTIONS sip:a SIP/2.0\r\n");
  strictEqual(
    hexDump(bytes),
    "---BUFFER DUMP follows---\n" +
      "  4f 50 54 49 4f 4e 53 20 73 69 70 3a 61 20 53 49 OPTIONS sip:a SI\n" +
      "  50 2f 32 2e 30 0d 0a                            P/2.0..\n" +
      "---end of BUFFER DUMP---",
  );
});

Deno.test("hexDump() of nothing has no lines", () => {
  strictEqual(hexDump(new Uint8Array(0)), "---BUFFER DUMP follows---\n---end of BUFFER DUMP---");
});

Deno.test("hexDump() shows a dot for every byte that is no printable ASCII", () => {
  const line = hexDump(Uint8Array.of(0, 0x1f, 0x20, 0x7e, 0x7f, 0x80, 0xff)).split("\n")[1];
  strictEqual(line, "  00 1f 20 7e 7f 80 ff                            .. ~...");
});

Deno.test("hexDump() ends after 64 KiB", () => {
  strictEqual(hexDump(new Uint8Array(70_000)).split("\n").length, 4096 + 2);
});
