import { deepStrictEqual } from "node:assert/strict";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { mediaConfigOf } from "./media_config.ts";

const OWN = {
  lan: ip("192.168.1.1"),
  wan: undefined,
  advertised: ip("198.51.100.9"),
  lanNetworks: [],
  gateway: undefined,
};

Deno.test("mediaConfigOf() gives range, time-outs, delays and addresses", () => {
  const lines = ["rtp_port_low = 20000", "rtp_port_high = 20099", "rtp_timeout = 60"];
  const dejitter = ["rtp_input_dejitter = 40000", "rtp_output_dejitter = 500"];
  deepStrictEqual(mediaConfigOf(configOf([...lines, ...dejitter]), OWN), {
    addresses: { lan: OWN.lan, wan: undefined, advertised: OWN.advertised },
    portLow: 20_000,
    portHigh: 20_098,
    timeoutMs: 60_000,
    holdTimeoutMs: 14_400_000,
    inputDejitterMs: 40,
    outputDejitterMs: 0.5,
    stockPairs: 16,
    sweepMs: 1000,
    lockEvents: "silent",
    streamEvents: "silent",
  });
});

Deno.test("mediaConfigOf() asks for lock events when RTP is debugged", () => {
  deepStrictEqual(mediaConfigOf(configOf(["debug_level = 512"]), OWN).lockEvents, "logged");
});

Deno.test("mediaConfigOf() asks for lock events when the component is debugged", () => {
  deepStrictEqual(mediaConfigOf(configOf(["log_level = rtp:debug"]), OWN).lockEvents, "logged");
});

Deno.test("mediaConfigOf() gives the second addresses of sides that have them", () => {
  const own = { ...OWN, lan6: ip("fd00::1"), wan6: ip("2001:db8::1") };
  deepStrictEqual(mediaConfigOf(configOf([]), own).addresses, {
    lan: OWN.lan,
    wan: undefined,
    lan6: ip("fd00::1"),
    wan6: ip("2001:db8::1"),
    advertised: OWN.advertised,
  });
});
