import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { LogEvent } from "./log_event.ts";
import { FloodSampler } from "./sampler.ts";

const drop: LogEvent = { level: "warning", component: "sip", event: "sip.drop" };

/** Sends an event several times at one moment; returns how many were let through. */
function burst(sampler: FloodSampler, what: { event: LogEvent; count: number; nowMs: number }) {
  let written = 0;
  for (let index = 0; index < what.count; index++) {
    written += sampler.admit(what.event, what.nowMs).length;
  }
  return written;
}

const summary = (count: number): LogEvent => ({
  level: "warning",
  component: "sip",
  event: "sip.drop.suppressed",
  text: `sip.drop: suppressed ${count} similar`,
  fields: { count },
});

Deno.test("FloodSampler lets twenty alike warnings through and says how many followed", () => {
  const sampler = new FloodSampler();
  strictEqual(burst(sampler, { event: drop, count: 4332, nowMs: 0 }), 20);
  deepStrictEqual(sampler.admit(drop, 10_000), [summary(4312), drop]);
});

Deno.test("FloodSampler opens a new window after ten seconds, not before", () => {
  const sampler = new FloodSampler();
  burst(sampler, { event: drop, count: 21, nowMs: 0 });
  deepStrictEqual(sampler.admit(drop, 9999), []);
  deepStrictEqual(sampler.admit(drop, 10_000), [summary(2), drop]);
  strictEqual(burst(sampler, { event: drop, count: 30, nowMs: 10_001 }), 19);
});

Deno.test("FloodSampler counts components, events and levels apart", () => {
  const sampler = new FloodSampler();
  burst(sampler, { event: drop, count: 100, nowMs: 0 });
  for (
    const other of [
      { ...drop, component: "rtp" },
      { ...drop, event: "sip.refuse" },
      { ...drop, level: "error" as const },
    ]
  ) deepStrictEqual(sampler.admit(other, 1), [other]);
});

Deno.test("FloodSampler takes alike events with other fields for the same", () => {
  const sampler = new FloodSampler();
  let written = 0;
  for (let port = 0; port < 50; port++) {
    written += sampler.admit({ ...drop, fields: { port } }, 0).length;
  }
  strictEqual(written, 20);
});

Deno.test("FloodSampler lets a thousand infos and every debug event through", () => {
  const sampler = new FloodSampler();
  const info: LogEvent = { level: "info", component: "plugin_logcall", event: "call.start" };
  strictEqual(burst(sampler, { event: info, count: 1500, nowMs: 0 }), 1000);
  const debug: LogEvent = { level: "debug", component: "net", event: "sip.in" };
  strictEqual(burst(sampler, { event: debug, count: 1500, nowMs: 0 }), 1500);
});

Deno.test("FloodSampler.flush() gives summaries of ended windows once", () => {
  const sampler = new FloodSampler();
  burst(sampler, { event: drop, count: 25, nowMs: 0 });
  deepStrictEqual(sampler.flush(9999), []);
  deepStrictEqual(sampler.flush(10_000), [summary(5)]);
  deepStrictEqual(sampler.flush(20_000), []);
});

Deno.test("FloodSampler.flush() says nothing of kinds that were not suppressed", () => {
  const sampler = new FloodSampler();
  burst(sampler, { event: drop, count: 20, nowMs: 0 });
  deepStrictEqual(sampler.flush(10_000), []);
});

Deno.test("FloodSampler forgets the oldest of more than 512 kinds, with its summary", () => {
  const sampler = new FloodSampler();
  burst(sampler, { event: drop, count: 23, nowMs: 0 });
  for (let index = 0; index < 511; index++) {
    sampler.admit({ ...drop, event: `other.${index}` }, 1);
  }
  const last = { ...drop, event: "one.more" };
  deepStrictEqual(sampler.admit(last, 2), [summary(3), last]);
});
