import { deepEqual, equal, match } from "node:assert/strict";
import { OpenWrtWorld } from "./openwrt_world.ts";

const SHIPPED = Deno.readTextFileSync(
  new URL("../../packaging/openwrt/siproxd.config", import.meta.url),
);

/** A section with both networks and some more lines. */
function section(...lines: readonly string[]): string {
  const networks = ["option interface_inbound 'lan'", "option interface_outbound 'wan'"];
  return `config siproxd 'general'\n${[...networks, ...lines].join("\n")}\n`;
}

/** What procd is told of the section. */
const INSTANCE: readonly string[] = [
  "instance general",
  "param command ~/siproxd --config ~/etc/general.conf",
  "param file ~/etc/general.conf",
  "param reload_signal HUP",
  "param user nobody",
  "param respawn 3600 5 0",
  "param nice -10",
  "param limits nofile=65536 65536",
  "end",
];

const TRIGGERS: readonly string[] = [
  "reload trigger siproxd",
  "interface trigger interface.* lan /etc/init.d/siproxd reload",
  "interface trigger interface.* wan /etc/init.d/siproxd reload",
];

/** The lines every file has that is made of both networks alone. */
const BASIC: readonly string[] = [
  "if_inbound = br-lan",
  "if_outbound = pppoe-wan",
  "registration_file = ~/lib/general.registrations",
];

Deno.test("siproxd.init starts what the shipped siproxd.config says, and follows both networks", () => {
  using world = new OpenWrtWorld();
  deepEqual(world.run("start", { uci: SHIPPED }), {
    procd: [...INSTANCE, ...TRIGGERS],
    log: [],
    conf: BASIC,
  });
});

Deno.test("siproxd.init turns options and lists into lines, in their order", () => {
  using world = new OpenWrtWorld();
  const { log, conf } = world.run("start", {
    uci: section(
      "list mask_host '192.168.1.10'",
      "list mask_host '192.168.1.11'",
      "list masked_host 'one.example.org'",
      "list masked_host 'two.example.org'",
      "option ua_string 'Our Phones'",
      "option registration_file '/etc/siproxd/registrations'",
    ),
  });
  deepEqual(log, []);
  deepEqual(conf, [
    "mask_host = 192.168.1.10",
    "mask_host = 192.168.1.11",
    "masked_host = one.example.org",
    "masked_host = two.example.org",
    "ua_string = Our Phones",
    "registration_file = /etc/siproxd/registrations",
    "if_inbound = br-lan",
    "if_outbound = pppoe-wan",
  ]);
});

Deno.test("siproxd.init refuses an unknown option and names the nearest one", () => {
  using world = new OpenWrtWorld();
  const { procd, log, conf } = world.run("start", { uci: section("option rtp_prot_low '7070'") });
  deepEqual(procd, TRIGGERS);
  equal(conf, undefined);
  match(log[0] ?? "", /^daemon\.err section general: .*rtp_prot_low.*rtp_port_low/);
  equal(log.at(-1), "daemon.err section general: refused, not started");
});

Deno.test("siproxd.init refuses a value that a line of siproxd.conf cannot hold", () => {
  using world = new OpenWrtWorld();
  const { procd, log } = world.run("start", { uci: section("option ua_string 'Phone #1'") });
  deepEqual(procd, TRIGGERS);
  equal(
    log[0],
    'daemon.err section general: option ua_string: Cannot use "Phone #1": no # and no line end can stand in it',
  );
});

Deno.test("siproxd.init says that procd does what some options ask for", () => {
  using world = new OpenWrtWorld();
  const { procd, log, conf } = world.run("start", {
    uci: section("option daemonize '1'", "option user 'voip'"),
  });
  deepEqual(
    procd.slice(0, INSTANCE.length),
    INSTANCE.map((line) => line === "param user nobody" ? "param user voip" : line),
  );
  deepEqual(log, [
    "daemon.warning section general: option daemonize does nothing here: procd runs the daemon",
  ]);
  deepEqual(conf, BASIC);
});

Deno.test("siproxd.init lets if_inbound and if_outbound win over the names of networks", () => {
  using world = new OpenWrtWorld();
  const { conf } = world.run("start", {
    uci: section("option if_inbound 'eth7'", "option if_outbound 'eth8'"),
    devices: "",
  });
  deepEqual(conf?.slice(0, 2), ["if_inbound = eth7", "if_outbound = eth8"]);
});

Deno.test("siproxd.init waits for a network without a device, and starts when it has one", () => {
  using world = new OpenWrtWorld();
  const early = world.run("start", { uci: section(), devices: "lan br-lan\n" });
  const later = world.run("reload", { uci: section() });
  const gone = world.run("reload", { uci: section(), devices: "lan br-lan\n" });
  const waiting = [
    "daemon.warning section general: network wan has no device yet: waiting for it",
  ];
  deepEqual(early, { procd: TRIGGERS, log: waiting, conf: undefined });
  deepEqual(later, { procd: [...INSTANCE, ...TRIGGERS], log: [], conf: BASIC });
  deepEqual(gone, { procd: [...INSTANCE, ...TRIGGERS], log: waiting, conf: BASIC });
});

Deno.test("siproxd.init keeps a running instance at a bad reload, but not over a stop", () => {
  using world = new OpenWrtWorld();
  const bad = section("option no_such_option '1'");
  world.run("start", { uci: section() });
  const reloaded = world.run("reload", { uci: bad });
  world.run("stop", { uci: bad });
  const started = world.run("start", { uci: bad });
  deepEqual([reloaded.procd, reloaded.conf], [[...INSTANCE, ...TRIGGERS], BASIC]);
  equal(
    reloaded.log.at(-1),
    "daemon.err section general: refused, siproxd goes on with what it had",
  );
  deepEqual([started.procd, started.conf, world.files()], [TRIGGERS, undefined, []]);
});

Deno.test("siproxd.init runs an instance for each section that is enabled", () => {
  using world = new OpenWrtWorld();
  const uci = section("option enabled '0'") +
    section().replace("general", "second") +
    section("option sip_listen_port '5062'").replace("general", "third") +
    "config other 'x'\noption whatever '1'\n";
  const { procd, log } = world.run("start", { uci });
  deepEqual(log, []);
  deepEqual(procd.filter((line) => line.startsWith("instance ")), [
    "instance second",
    "instance third",
  ]);
  deepEqual(world.files(), ["second.conf", "third.conf"]);
});
