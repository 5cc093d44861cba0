import assert from "node:assert/strict";
import type { NaptrRecord } from "./dns_record.ts";
import { naptrChoices } from "./naptr.ts";

function record(
  services: string,
  replacement: string,
  overrides: Partial<NaptrRecord> = {},
): NaptrRecord {
  return { order: 50, preference: 50, flags: "s", services, replacement, ...overrides };
}

Deno.test("naptrChoices() sorts by order, then by preference", () => {
  const choices = naptrChoices([
    record("SIP+D2U", "late.example", { order: 90 }),
    record("SIP+D2U", "second.example", { preference: 60 }),
    record("SIP+D2T", "_sip._tcp.example."),
  ]);
  assert.deepEqual(choices, [
    { name: "_sip._tcp.example", transport: "tcp" },
    { name: "second.example", transport: "udp" },
    { name: "late.example", transport: "udp" },
  ]);
});

Deno.test("naptrChoices() passes over TLS, other services, other flags and unusable names", () => {
  const choices = naptrChoices([
    record("SIPS+D2T", "_sips._tcp.example"),
    record("E2U+sip", "enum.example"),
    record("SIP+D2U", "flag.example", { flags: "u" }),
    record("SIP+D2U", "bad name"),
    record("SIP+D2U", "."),
    record("sip+d2u", "lower.example", { flags: "S" }),
  ]);
  assert.deepEqual(choices, [{ name: "lower.example", transport: "udp" }]);
});

Deno.test("naptrChoices() looks at sixteen records only", () => {
  const records = Array.from({ length: 40 }, (_, index) => record("SIP+D2U", `h${index}.example`));
  assert.equal(naptrChoices(records).length, 16);
});
