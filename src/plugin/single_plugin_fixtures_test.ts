import { deepStrictEqual } from "node:assert/strict";
import { PluginBench } from "../../tests/support/plugin_bench.ts";
import { loadConfig } from "../config/load.ts";
import { BUILT_IN } from "./registry.ts";

const root = new URL("../../fixtures/", import.meta.url);
const config = Deno.readTextFileSync(new URL("config/all_plugins.conf", root));

/** The lines of one plugin: together, an earlier plugin's drop would hide a message from a later one. */
function linesOf(name: string): string {
  const lines = config.split("\n").filter((line) =>
    line === `load_plugin = plugin_${name}.la` || line.startsWith(`plugin_${name}_`)
  );
  // regex does not take what belongs to regex_body.
  return lines.filter((line) => name !== "regex" || !line.startsWith("plugin_regex_body"))
    .join("\n");
}

function messages(): readonly (readonly [string, Uint8Array])[] {
  return ["valid", "invalid"].flatMap((kind) => {
    const folder = new URL(`sip/${kind}/`, root);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    return names.map((name) =>
      [`${kind}/${name}`, Deno.readFileSync(new URL(name, folder))] as const
    );
  });
}

for (const { name } of BUILT_IN) {
  Deno.test(`plugin ${name} alone meets every valid and invalid message without a failure`, () => {
    const text = linesOf(name);
    deepStrictEqual(loadConfig({ text, fileName: "test.conf" }).issues, []);
    const world = new PluginBench({
      config: text,
      hosts: { "stun.example.org": "198.51.100.9", "tel.t-online.de": "198.51.100.10" },
    });
    deepStrictEqual(world.failures, []);
    world.registerAlice();
    const troubles: string[] = [];
    for (const [file, data] of messages()) {
      for (const side of ["lan", "wan"] as const) {
        const source = side === "lan" ? "10.0.0.10:5062" : "192.0.2.10:5070";
        for (const action of world.world.receiveBytes(data, { side, source })) {
          const isFailure = action.kind === "count" && action.counter === "plugin_failed";
          if (isFailure) troubles.push(`${file} from ${side}: ${action.reason}`);
        }
      }
      world.advance(1000);
    }
    world.askStatistics();
    deepStrictEqual(troubles, []);
  });
}
