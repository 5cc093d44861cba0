import type { Config } from "../../config/config.ts";
import { createLogGate } from "../../log/log_gate.ts";
import type { OwnAddresses } from "../../proxy/env.ts";
import type { MediaConfig } from "../media_protocol.ts";

/** Bound pairs a side kept ready: more calls than begin within one refill, few enough to cost nothing when idle. */
const STOCK_PAIRS = 16;

/** Period of the check for idle streams: time-outs are minutes. */
const SWEEP_MS = 1000;

/** What a lock of a stream is logged as. */
const LOCK = { level: "debug", component: "rtp", debugClass: "RTP" } as const;

/**
 * Tells the media isolate what it must know of the configuration.
 *
 * @param config the configuration
 * @param own our addresses now
 * @returns plain data for its `configure` message
 */
export function mediaConfigOf(config: Config, own: OwnAddresses): MediaConfig {
  const { rtp, log } = config;
  return {
    addresses: {
      lan: own.lan,
      wan: own.wan,
      ...(own.lan6 !== undefined && { lan6: own.lan6 }),
      ...(own.wan6 !== undefined && { wan6: own.wan6 }),
      advertised: own.advertised,
    },
    portLow: rtp.portLow,
    portHigh: rtp.portHigh,
    timeoutMs: rtp.timeoutSeconds * 1000,
    holdTimeoutMs: rtp.holdTimeoutSeconds * 1000,
    inputDejitterMs: rtp.inputDejitterMs,
    outputDejitterMs: rtp.outputDejitterMs,
    stockPairs: STOCK_PAIRS,
    sweepMs: SWEEP_MS,
    lockEvents: createLogGate(log)(LOCK) ? "logged" : "silent",
    streamEvents: config.firewall.module === "none" ? "silent" : "reported",
  };
}
