import { deepStrictEqual } from "node:assert/strict";
import { firstLine, headerOf, PluginBench, request } from "../../tests/support/plugin_bench.ts";
import { definePlugin } from "./define_plugin.ts";
import type { PluginHooks, ReplyEvent } from "./hooks.ts";

/** A bench with one plugin that has one hook. */
function benchWith(ownReply: NonNullable<PluginHooks["ownReply"]>): PluginBench {
  const plugin = definePlugin({
    name: "probe",
    apiVersion: 1,
    description: "Looks",
    options: {},
    setup: (_, host) => ({
      ownReply: (event) => {
        host.log({ level: "info", event: "seen", text: "seen" });
        ownReply(event);
      },
    }),
  });
  return new PluginBench({ config: "load_plugin = probe", find: () => plugin });
}

const UNKNOWN = request("INVITE sip:nobody@192.0.2.1:5060", { To: "<sip:nobody@192.0.2.1>" });

Deno.test("ownReply sees an answer of the daemon's own with its request, and the tag that it has", () => {
  const seen: ReplyEvent[] = [];
  const bench = benchWith((event) => seen.push(event));
  const step = bench.fromOutside(UNKNOWN, "203.0.113.66:5099");
  deepStrictEqual(firstLine(step), "SIP/2.0 404 Not Found");
  const [reply] = seen;
  deepStrictEqual([seen.length, reply?.message.statusCode, reply?.request.message.method], [
    1,
    404,
    "INVITE",
  ]);
  deepStrictEqual([reply?.request.side, reply?.request.source.address], ["wan", "203.0.113.66"]);
  deepStrictEqual(headerOf(step, "To"), `<sip:nobody@192.0.2.1>;tag=${reply?.toTag}`);
  deepStrictEqual(step.logs, ["info seen"]);
});

Deno.test("ownReply is not called for what passes", () => {
  const bench = benchWith(() => {});
  bench.registerAlice();
  deepStrictEqual(bench.fromPhone(request("MESSAGE sip:bob@192.0.2.10:5070")).logs, []);
});

Deno.test("ownReply that throws does not keep the answer back", () => {
  const bench = benchWith(() => {
    throw new Error("oh no");
  });
  const step = bench.fromOutside(UNKNOWN, "203.0.113.66:5099");
  deepStrictEqual(firstLine(step), "SIP/2.0 404 Not Found");
  deepStrictEqual(step.logs, [
    "error Plugin 'probe' failed in ownReply: Error: oh no; the message goes on",
  ]);
});
