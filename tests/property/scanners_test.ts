import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { StreamFramer } from "../../src/sip/stream_framer.ts";
import { outcomeOf, phoneWorld } from "../support/phone_world.ts";

/** Packets as scanners and other programs send them to every address; written here after what they are known for. */
const FOLDER = new URL("../../fixtures/scanners/", import.meta.url);

const SCANNER = { side: "wan", source: "203.0.113.66:5063" } as const;

const NAMES: readonly string[] = [...Deno.readDirSync(FOLDER)]
  .map(({ name }) => name.replace(".bin", "")).sort();

function read(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`${name}.bin`, FOLDER));
}

const NOT_FOUND = "SIP/2.0 404 Not Found";

/** What comes of each by default: one short answer at most, and a phone hears only what is for its very user. */
const OUTCOMES: Readonly<Record<string, string>> = {
  ack_of_nobody: "drop ack-unmatched",
  bye_of_nobody: "wan 203.0.113.66:5062 SIP/2.0 481 Call/Transaction Does Not Exist",
  cancel_of_nobody: "drop amplification",
  contact_stray_quote: "wan 203.0.113.66:5062 SIP/2.0 400 Bad Request, drop malformed",
  dns_version_query: "drop stun",
  empty_warning_response: "drop no-second-via",
  http_get: "drop not-sip",
  line_ends: "drop not-sip",
  long_call_id: `wan 203.0.113.66:5062 ${NOT_FOUND}`,
  message_spam: "lan 10.0.0.10:5062 MESSAGE sip:alice@10.0.0.10:5062;line=abc SIP/2.0",
  nmap_sip_options: `wan 203.0.113.66:5063 ${NOT_FOUND}`,
  nul_flood: "drop stun",
  percent_format: `wan 203.0.113.66:5062 ${NOT_FOUND}`,
  prefix_hunt_invite: `wan 203.0.113.66:5063 ${NOT_FOUND}`,
  publish_without_event: `wan 203.0.113.66:5062 ${NOT_FOUND}`,
  register_hijack: "drop register-denied",
  rtsp_options: "drop not-sip",
  shell_words: `wan 203.0.113.66:5062 ${NOT_FOUND}`,
  snmp_get: "drop not-sip",
  ssdp_search: "drop not-sip",
  ssh_banner: "drop short",
  stun_binding: "drop stun",
  svcrack_register: "drop register-denied",
  svmap_options: `wan 203.0.113.66:5063 ${NOT_FOUND}`,
  svwar_invite: `wan 203.0.113.66:5063 ${NOT_FOUND}`,
  svwar_register: "drop register-denied",
  tls_client_hello: "drop not-sip",
  toll_fraud_invite: `wan 203.0.113.66:5063 ${NOT_FOUND}`,
};

Deno.test(`runPipeline() gives each of ${NAMES.length} scanners' packets its due (R7)`, () => {
  const outcomes = NAMES.map((name) => {
    const actions = phoneWorld().receiveBytes(read(name), SCANNER);
    return [name, outcomeOf(actions)] as const;
  });
  deepStrictEqual(Object.fromEntries(outcomes), OUTCOMES);
});

Deno.test("runPipeline() sends no scanner more than he sent, and has no exception for any of them (R7, R17)", () => {
  for (const name of NAMES) {
    const data = read(name);
    for (const cut of [data, data.slice(0, data.length >> 1), data.slice(7)]) {
      const sent = phoneWorld().receiveBytes(cut, SCANNER)
        .flatMap((action) => action.kind === "send" && action.hop.side === "wan" ? [action] : []);
      const bytes = sent.reduce((sum, { data: { length } }) => sum + length, 0);
      strictEqual(bytes <= cut.length, true, `${name}: ${bytes} for ${cut.length}`);
    }
  }
});

Deno.test("runPipeline() lets no scanner reach a phone or hear an answer with wan_peers = known (R7, R20)", () => {
  for (const name of NAMES) {
    const world = phoneWorld({ settings: "wan_peers = known" });
    const sent = world.receiveBytes(read(name), SCANNER).filter(({ kind }) => kind === "send");
    deepStrictEqual(sent, [], name);
  }
});

Deno.test("StreamFramer.push() ends every connection whose first line is no SIP (R7, R24)", () => {
  const foreign = ["http_get", "rtsp_options", "tls_client_hello", "ssh_banner", "ssdp_search"];
  for (const name of foreign) {
    const events = new StreamFramer().push(read(name)).map(({ kind }) => kind);
    deepStrictEqual(events, ["error"], name);
  }
});
