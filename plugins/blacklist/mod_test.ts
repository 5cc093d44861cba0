import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PluginBench, register, type Step } from "../../tests/support/plugin_bench.ts";

const config = "load_plugin = plugin_blacklist.la\nplugin_blacklist_hitcount = 2\n" +
  "plugin_blacklist_duration = 600";

let attempts = 0;

/** A REGISTER of mallory with or without credentials, each a transaction of its own. */
function attempt(world: PluginBench, credentials: "sent" | "none" = "sent"): Step {
  attempts++;
  const text = register({ user: "mallory", contact: "sip:mallory@10.0.0.66:5060" })
    .replace("z9hG4bKregmallory", `z9hG4bKreg${attempts}`)
    .replace("CSeq: 1", `CSeq: ${attempts}`);
  const line = 'Authorization: Digest username="mallory"\n';
  return world.fromPhone(
    credentials === "sent" ? text.replace("Contact:", `${line}Contact:`) : text,
    "10.0.0.66:5060",
  );
}

function refuse(world: PluginBench, times: number): void {
  for (let count = 0; count < times; count++) world.acceptRegister(attempt(world), "403 Forbidden");
}

Deno.test("row 84: blacklist blocks after hitcount + 1 refused REGISTERs and frees after the silence", () => {
  const world = new PluginBench({ config });
  refuse(world, 3);
  const blocked = attempt(world);
  deepStrictEqual([blocked.sent, blocked.logs, blocked.drops], [
    [],
    ["info UAC with IP 10.0.0.66 is blocked"],
    ["plugin-blocked"],
  ]);
  world.advance(601_000);
  strictEqual(attempt(world).sent.length, 1);
});

Deno.test("blacklist forgives hitcount refusals", () => {
  const world = new PluginBench({ config });
  refuse(world, 2);
  strictEqual(attempt(world).sent.length, 1);
});

Deno.test("blacklist counts from the beginning after a success", () => {
  const world = new PluginBench({ config });
  refuse(world, 2);
  world.acceptRegister(attempt(world));
  refuse(world, 2);
  strictEqual(attempt(world).sent.length, 1);
});

Deno.test("blacklist counts no challenge to a REGISTER without credentials", () => {
  const world = new PluginBench({ config });
  for (let count = 0; count < 5; count++) {
    world.acceptRegister(attempt(world, "none"), "401 Unauthorized");
  }
  strictEqual(attempt(world, "none").sent.length, 1);
});

Deno.test("blacklist keeps who goes on trying blocked", () => {
  const world = new PluginBench({ config });
  refuse(world, 3);
  for (let count = 0; count < 20; count++) {
    world.advance(60_000);
    deepStrictEqual(attempt(world).sent, []);
  }
});

Deno.test("blacklist with simulate = 1 only says whom it would block", () => {
  const world = new PluginBench({ config: `${config}\nplugin_blacklist_simulate = 1` });
  refuse(world, 3);
  const step = attempt(world);
  strictEqual(step.sent.length, 1);
  deepStrictEqual(step.logs, ["info UAC with IP 10.0.0.66 would be blocked (simulate=1)"]);
});

Deno.test("blacklist counts no answer that comes after the window", () => {
  const world = new PluginBench({ config });
  const out = attempt(world);
  world.advance(31_000);
  deepStrictEqual(world.acceptRegister(out, "403 Forbidden").effects, []);
});

Deno.test("blacklist blocks by rows of the last run, and manual ones for ever", () => {
  const row = {
    ip: "10.0.0.66",
    sipuri: "sip:mallory@192.0.2.10",
    failcount: 0,
    lastfail: 0,
    lastseen: 0,
  };
  const world = new PluginBench({
    config,
    supplies: { databases: { blacklist: { blacklist: [{ ...row, type: 1 }] } } },
  });
  deepStrictEqual(attempt(world).sent, []);
  world.advance(90_000_000);
  deepStrictEqual(attempt(world).sent, []);
});

Deno.test("blacklist writes what it learns", () => {
  const world = new PluginBench({ config });
  const seconds = Math.floor(world.wallMs / 1000);
  const step = world.acceptRegister(attempt(world), "403 Forbidden");
  deepStrictEqual(step.effects, [{
    kind: "database",
    plugin: "blacklist",
    changes: [{
      table: "blacklist",
      key: { ip: "10.0.0.66", sipuri: "sip:mallory@192.0.2.10" },
      values: { type: 0, failcount: 1, lastfail: seconds, lastseen: seconds },
    }],
  }]);
});

Deno.test("blacklist leaves other senders of the same address alone", () => {
  const world = new PluginBench({ config });
  refuse(world, 3);
  const text = register({ user: "honest", contact: "sip:honest@10.0.0.66:5060" });
  strictEqual(world.fromPhone(text, "10.0.0.66:5060").sent.length, 1);
});
