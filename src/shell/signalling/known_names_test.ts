import { deepStrictEqual } from "node:assert/strict";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { configuredNames } from "./known_names.ts";

Deno.test("configuredNames() asks for every name of the configuration once", () => {
  const config = configOf([
    "host_outbound = me.example.org",
    "hosts_allow_reg = phones.example.org/32,10.0.0.0/8",
    "hosts_allow_sip = phones.example.org/32",
    "mask_host = inside.example.org",
    "masked_host = outside.example.org",
  ]);
  deepStrictEqual(configuredNames(config).map(({ host }) => host).toSorted(), [
    "inside.example.org",
    "me.example.org",
    "phones.example.org",
  ]);
});

Deno.test("configuredNames() asks for nothing when nothing is named", () => {
  deepStrictEqual(configuredNames(configOf([])), []);
});
