import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { examine, PluginBench, request } from "../../tests/support/plugin_bench.ts";

const config = [
  "load_plugin = plugin_stats.la",
  "plugin_stats_to_syslog = 60",
  "plugin_stats_to_file = -1",
  "plugin_stats_filename = /tmp/stats",
].join("\n");

const body =
  "v=0\no=p 1 1 IN IP4 10.0.0.10\ns=-\nc=IN IP4 10.0.0.10\nt=0 0\nm=audio 4000 RTP/AVP 0";

function busyBench(text = config): PluginBench {
  const world = new PluginBench({ config: text });
  world.registerAlice();
  world.fromPhone(request("INVITE sip:bob@192.0.2.10:5070", { body }));
  return world;
}

const line = "info STATS: 2 active Streams, 1 active Calls, 1 active Clients, 1 registered Clients";

const file = `Date: Tue Nov 24 10:05:00 2026
PID:  4711

Summary
-------
registered Clients:      1
active Clients:          1
active Calls:            1
active Streams:          2

RTP-Details
-----------
Header; Client-Id; Call-Id; Call Direction; Stream Direction; local IP; remote IP
Data;alice@10.0.0.10;call-1@phone;Outgoing;Incoming;10.0.0.1;10.0.0.10
Data;alice@10.0.0.10;call-1@phone;Outgoing;Outgoing;192.0.2.1;
`;

Deno.test("row 85: stats writes line and file at SIGUSR1 with one call active", () => {
  const step = busyBench().askStatistics();
  deepStrictEqual(step.logs, [line]);
  deepStrictEqual(step.effects, [{
    kind: "report",
    plugin: "stats",
    option: "filename",
    text: file,
  }]);
});

Deno.test("stats writes its line every period, and the file of -1 not", () => {
  const world = busyBench();
  deepStrictEqual(world.advance(59_000).logs, []);
  const step = world.advance(1_000);
  deepStrictEqual([step.logs, step.effects], [[line], []]);
  deepStrictEqual(world.advance(1_000).logs, []);
});

Deno.test("stats without any output is silent at SIGUSR1 too", () => {
  deepStrictEqual(busyBench("load_plugin = stats").askStatistics().logs, []);
});

Deno.test("stats writes both outputs at SIGUSR1, even the one that is off", () => {
  const step = busyBench(
    "load_plugin = stats\nplugin_stats_to_file = 5\nplugin_stats_filename = /x",
  )
    .askStatistics();
  strictEqual(step.logs.length + step.effects.length, 2);
});

const remarks: readonly (readonly [string, string])[] = [
  [
    "load_plugin = stats",
    "Cannot write statistics: both plugin_stats_to_syslog and _to_file are 0",
  ],
  [
    "load_plugin = stats\nplugin_stats_to_file = 5",
    "Cannot write the file: no plugin_stats_filename is set, only the log is used",
  ],
  ["load_plugin = stats\nplugin_stats_to_syslog = -2", 'Cannot use number "-2": lowest is -1'],
  [
    "load_plugin = stats\nplugin_stats_to_syslog = often",
    'Cannot use number "often": not a number',
  ],
];

for (const [text, message] of remarks) {
  Deno.test(`stats says: ${message}`, () => {
    strictEqual(examine(text)[0]?.endsWith(`: ${message}`), true, examine(text)[0]);
  });
}
