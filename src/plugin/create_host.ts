import { compileAccessLists, evaluateAccess } from "../access/access_list.ts";
import { type IpAddress, ipFamily, parseIpAddress } from "../base/ip_address.ts";
import { shownInFamily, sideAddress } from "../base/side_addresses.ts";
import { decodeLatin1 } from "../base/text.ts";
import type { AccessEntry } from "../config/config.ts";
import type { HostQuery } from "../dns/host_query.ts";
import { serializeMessage } from "../sip/serialize_message.ts";
import { addressOfRecordKey } from "../sip/uri.ts";
import { asctimeText } from "./asctime.ts";
import {
  readAdvertised,
  readChanges,
  readDatagram,
  readLogEntry,
  wantTexts,
} from "./check_asked.ts";
import type { PluginEffect } from "./effect.ts";
import type { PluginAddresses, PluginHost, PluginLogEntry, PluginStore } from "./plugin_host.ts";
import type { PluginSession, PluginSupplies, PluginWorld } from "./plugin_world.ts";
import { SIP_TOOLBOX } from "./toolbox.ts";

/** Actions of one run: a plugin that asks for more in one message runs wild, the rest is left out. */
const MAX_ACTIONS = 256;

/** Keys and characters of one plugin's store: it is for settings and small tables, not for a log. */
const MAX_STORE_KEYS = 256;
const MAX_STORE_VALUE_LENGTH_CHARS = 4096;
const MAX_STORE_KEY_LENGTH_CHARS = 128;

/** Longest datagram a plugin may send: what passes any path unfragmented. */
const MAX_DATAGRAM_LENGTH_BYTES = 1200;

/** Counter names: words of the plugin, never text from the network. */
const COUNTER_NAME = /^[a-z0-9_.-]{1,40}$/;

/**
 * Makes what one plugin sees of the daemon.
 *
 * @param name the plugin
 * @param parts the chain's session, which holds the world of the current run, and what outlives runs
 * @returns the host, frozen
 */
export function createPluginHost(
  name: string,
  parts: { readonly session: PluginSession; readonly supplies: PluginSupplies },
): PluginHost {
  const { session, supplies } = parts;
  const ask = (effect: PluginEffect) => push(session, { kind: "plugin", effect });
  const world = () => session.world;
  return Object.freeze(
    {
      log: (entry: PluginLogEntry) =>
        push(session, { kind: "log", event: logEvent(name, readLogEntry(entry)) }),
      count: (counted: string) => {
        const reason = `${name}.${COUNTER_NAME.test(counted) ? counted : "other"}`;
        push(session, { kind: "count", counter: "plugin", reason });
      },
      nowMs: () => world()?.nowMs ?? supplies.clock.nowMs(),
      wallMs: supplies.clock.wallMs,
      dateText: () => asctimeText(supplies.clock.wallMs() + (supplies.clock.zoneOffsetMs?.() ?? 0)),
      randomHex: (digits: number) => world()?.randomHex(digits) ?? "",
      addresses: (peer) => addressesFor(world(), peer),
      registrations: () => live(session, world()?.bindings.all() ?? []),
      registrationsOf: (uri) =>
        live(session, world()?.bindings.byAddressOfRecord(addressOfRecordKey(uri)) ?? []),
      calls: () => world()?.calls() ?? [],
      lookUp: (host: string) => lookUp(session, host),
      locate: (host, options) => locate(session, { host, ...options }),
      isIn: createNetworkTest(session),
      sendDatagram: (data, target) => {
        const datagram = readDatagram(data, target);
        if (datagram.data.length <= MAX_DATAGRAM_LENGTH_BYTES) {
          ask({ kind: "send-datagram", ...datagram });
        }
      },
      advertise: (address) =>
        ask({ kind: "advertise", plugin: name, address: readAdvertised(address) }),
      store: createStore(name, { kept: supplies.stored[name] ?? {}, ask }),
      report: (option, text) => {
        wantTexts([option, text], "report");
        ask({ kind: "report", plugin: name, option, text });
      },
      databaseRows: () => supplies.databases[name] ?? {},
      changeDatabase: (changes) =>
        ask({ kind: "database", plugin: name, changes: readChanges(changes) }),
      processId: supplies.processId,
      sip: SIP_TOOLBOX,
      textOf: (message) => decodeLatin1(serializeMessage(message)),
    } satisfies PluginHost,
  );
}

function addressesFor(world: PluginWorld | undefined, peer?: IpAddress): PluginAddresses {
  const own = world?.own ?? { lan: undefined, wan: undefined, advertised: undefined };
  const listenPort = world?.listenPort ?? 0;
  if (peer === undefined) {
    return { lan: own.lan, wan: own.wan, advertised: own.advertised, listenPort };
  }
  const family = ipFamily(peer);
  return {
    lan: sideAddress(own, { side: "lan", family }),
    wan: sideAddress(own, { side: "wan", family }),
    advertised: shownInFamily(own, { side: "wan", family }),
    listenPort,
  };
}

function push(session: PluginSession, action: PluginSession["actions"][number]): void {
  if (session.actions.length < MAX_ACTIONS) session.actions.push(action);
}

function logEvent(name: string, entry: PluginLogEntry) {
  const { level, event, text, fields } = entry;
  return {
    level,
    component: `plugin_${name}`,
    event: `plugin.${event}`,
    ...(text === undefined ? {} : { text }),
    ...(fields === undefined ? {} : { fields }),
    ...(level === "debug" ? { debugClass: "PLUGIN" as const } : {}),
  };
}

function live<
  B extends Parameters<NonNullable<PluginSession["world"]>["bindings"]["isExpired"]>[0],
>(
  session: PluginSession,
  bindings: readonly B[],
): readonly B[] {
  const nowMs = session.world?.nowMs ?? 0;
  const alive = bindings.filter((binding) => binding.expiresAtMs > nowMs);
  // They are the registrar's own, and plugins in plain JavaScript are not held to the types.
  for (const binding of alive) Object.freeze(binding);
  return alive;
}

function lookUp(session: PluginSession, host: string): readonly IpAddress[] {
  wantTexts([host], "lookUp");
  const literal = parseIpAddress(host);
  if (literal !== undefined) return [literal];
  const query = { host, port: undefined, transport: undefined, method: "address" } as const;
  return targets(session, query).map(({ address }) => address);
}

function locate(
  session: PluginSession,
  place: {
    readonly host: string;
    readonly port: number | undefined;
    readonly service: "sip" | "stun";
  },
) {
  const { host, port, service } = place;
  wantTexts([host, service], "locate");
  const method = port === undefined ? "locate" : "address";
  return targets(session, { host, port, transport: "udp", method, service });
}

function targets(session: PluginSession, query: HostQuery) {
  const answer = session.world?.lookUp(query);
  if (answer?.kind === "unknown") {
    push(session, { kind: "plugin", effect: { kind: "resolve", query } });
  }
  return answer?.kind === "targets" ? answer.targets.map(({ peer }) => peer) : [];
}

/** A list is prepared once; the plugin keeps the same object over its life. */
function createNetworkTest(session: PluginSession): PluginHost["isIn"] {
  const compiled = new WeakMap<readonly AccessEntry[], ReturnType<typeof compileAccessLists>>();
  const look = (host: string) => lookUp(session, host);
  return (networks, address) => {
    let lists = compiled.get(networks);
    if (lists === undefined) {
      lists = compileAccessLists({ denySip: networks, allowSip: undefined, allowReg: undefined });
      compiled.set(networks, lists);
    }
    return evaluateAccess({ source: address, side: "wan" }, { lists, lookUp: look }) === "none";
  };
}

function createStore(
  plugin: string,
  parts: {
    readonly kept: Readonly<Record<string, string>>;
    readonly ask: (effect: PluginEffect) => void;
  },
): PluginStore {
  const texts = new Map(Object.entries(parts.kept));
  return Object.freeze({
    get: (key: string) => texts.get(key),
    keys: () => [...texts.keys()],
    set: (key: string, value: string) => {
      wantTexts([key, value], "store.set");
      const isFull = !texts.has(key) && texts.size >= MAX_STORE_KEYS;
      if (isFull || value.length > MAX_STORE_VALUE_LENGTH_CHARS) return false;
      if (key.length > MAX_STORE_KEY_LENGTH_CHARS) return false;
      texts.set(key, value);
      parts.ask({ kind: "store", plugin, key, value });
      return true;
    },
    delete: (key: string) => {
      if (texts.delete(key)) parts.ask({ kind: "store", plugin, key, value: undefined });
    },
  });
}
