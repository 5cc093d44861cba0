/** Rows 79 – 82 of the behaviour matrix on the wire, and the plugins that no phone can be told to need. */

import assert from "node:assert/strict";
import type { Suite } from "../support/case.ts";
import {
  answer,
  bodyOf,
  header,
  headers,
  startLine,
  statusOf,
  uriOf,
} from "../support/sip_text.ts";
import { request, sdp, unique } from "./message.ts";
import { dialled, fromOutside, pluginSuite } from "./plugin_rows.ts";
import { row } from "./row.ts";
import { AT, type Stage } from "./stage.ts";

async function trunk(stage: Stage): Promise<void> {
  const callId = unique("trunk-");
  const uri = `sip:493012345@${AT.outbound}`;
  await stage.r.send(fromOutside({ callId, uri }), stage.outside);
  const arrived = await stage.a.expect({ callId, method: "INVITE" });
  assert.equal(startLine(arrived.text), `INVITE ${uri} SIP/2.0`);
  await stage.a.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.r.expect({ callId, status: 486 });
}

async function trunkOnly(stage: Stage): Promise<void> {
  const callId = unique("no-trunk-");
  const uri = `sip:493099999@${AT.outbound}`;
  await stage.r.send(fromOutside({ callId, uri }), stage.outside);
  assert.equal(statusOf((await stage.r.expect({ callId })).text), 404);
  await stage.a.expectSilence(callId);
}

async function strippedHeaders(stage: Stage): Promise<void> {
  const callId = unique("strip-");
  const invite = dialled(stage, { uri: `sip:remote@${AT.r}:5070`, callId }).replace(
    "Content-Length",
    "Allow: INVITE, ACK, BYE\r\nSupported: 100rel, timer\r\nUser-Agent: Phone 1\r\nContent-Length",
  );
  await stage.a.send(invite, stage.inside);
  const arrived = await stage.r.expect({ callId, method: "INVITE" });
  assert.deepEqual(
    ["Allow", "Supported", "User-Agent"].map((name) => headers(arrived.text, name)),
    [["INVITE, BYE"], ["timer"], []],
  );
  await stage.r.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.a.expect({ callId, status: 486 });
}

async function filteredBody(stage: Stage): Promise<void> {
  const { callId, text } = offer(stage);
  await stage.a.send(text, stage.inside);
  const arrived = await stage.r.expect({ callId, method: "INVITE" });
  const body = bodyOf(arrived.text);
  assert.match(body, /^m=audio \d+ RTP\/AVP 8\r$/m);
  assert.doesNotMatch(body, /telephone-event/);
  // regex_body comes after it in the load order and sees what it left.
  assert.match(body, /^a=ptime:20\r$/m);
  assert.equal(Number(header(arrived.text, "Content-Length")), body.length);
  await stage.r.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.a.expect({ callId, status: 486 });
}

function offer(stage: Stage): { readonly callId: string; readonly text: string } {
  const callId = unique("offer-");
  const text = request({
    method: "INVITE",
    uri: `sip:remote@${AT.r}:5070`,
    by: stage.a,
    from: `<sip:alice@${AT.r}>;tag=${unique("f")}`,
    to: `<sip:remote@${AT.r}:5070>`,
    callId,
    contact: `<sip:alice@${AT.a}:5062>`,
    body: sdp({ address: AT.a, port: 30_000, attributes: ["a=ptime:10"] }),
  });
  return { callId, text };
}

async function bogusVia(stage: Stage): Promise<void> {
  const callId = unique("via-");
  const uri = `sip:alice@${AT.outbound}`;
  const text = fromOutside({ callId, uri, via: "192.168.77.7:5099" });
  await stage.r.send(text, stage.outside);
  const arrived = await stage.a.expect({ callId, method: "INVITE" });
  const inner = headers(arrived.text, "Via")[1] ?? "";
  assert.match(inner, /^SIP\/2\.0\/UDP 192\.0\.2\.10:5070;/);
  await stage.a.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.r.expect({ callId, status: 486 });
}

async function anonymousContact(stage: Stage): Promise<void> {
  const callId = unique("anonymous-");
  const text = dialled(stage, { uri: `sip:remote@${AT.r}:5070`, callId })
    .replace("Contact: <sip:alice@", "Contact: <sip:anonymous@")
    .replace(/^To: [^\r]*/m, `To: <sip:alice@${AT.r}>`);
  await stage.a.send(text, stage.inside);
  const arrived = await stage.r.expect({ callId, method: "INVITE" });
  assert.equal(uriOf(header(arrived.text, "Contact")).split("@")[0], "sip:alice");
  await stage.r.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.a.expect({ callId, status: 486 });
}

/** A provider that writes its own address into our Via, as Telekom once did. */
async function brokenVia(stage: Stage): Promise<void> {
  const callId = unique("broken-via-");
  await stage.a.send(dialled(stage, { uri: `sip:remote@${AT.r}:5070`, callId }), stage.inside);
  const arrived = await stage.r.expect({ callId, method: "INVITE" });
  const busy = answer(arrived.text, "486 Busy Here", { tag: "busy" });
  const spoilt = busy.replace(`UDP ${AT.outbound}:5060`, `UDP ${AT.r}:5099`);
  assert.notEqual(spoilt, busy);
  await stage.r.send(spoilt, arrived.from);
  await stage.a.expect({ callId, status: 486 });
}

async function snomProfile(stage: Stage): Promise<void> {
  const callId = unique("snom-");
  const invite = dialled(stage, { uri: `sip:remote@${AT.r}:5070`, callId }).replace(
    "Content-Length",
    "User-Agent: snomD785/10.1\r\nX-Serialnumber: 000413\r\nX-Other: 1\r\nContent-Length",
  );
  await stage.a.send(invite, stage.inside);
  const arrived = await stage.r.expect({ callId, method: "INVITE" });
  assert.deepEqual(
    ["X-Serialnumber", "X-Other"].map((name) => headers(arrived.text, name)),
    [[], ["1"]],
  );
  await stage.r.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.a.expect({ callId, status: 486 });
}

async function demoSpeaks(stage: Stage): Promise<void> {
  const { process } = stage.proxy;
  await process.waitForLog(/plugin_demo is initialized \(sent string: "hello"\)/, 3000);
  await process.waitForLog(/plugin_demo: processing - stage 64/, 3000);
}

/** One daemon for plugins that do not get into each other's way. */
const QUIET = {
  load_plugin: [
    "plugin_demo.la",
    "plugin_fix_bogus_via.la",
    "plugin_fix_DTAG.la",
    "plugin_fix_fbox_anoncall.la",
    "plugin_profile.la",
    "plugin_stripheader.la",
    "plugin_codecfilter.la",
    "plugin_regex_body.la",
    "plugin_siptrunk.la",
  ],
  plugin_demo_string: "hello",
  plugin_fix_bogus_via_networks: "192.168.0.0/16",
  plugin_fix_DTAG_networks: `${AT.r}/32`,
  plugin_fix_fbox_anoncall_networks: `${AT.a}/32`,
  plugin_profile_name: ["snom", "telekom"],
  plugin_stripheader_remove: ["Allow:ACK", "Supported:100rel", "User-Agent"],
  plugin_codecfilter_blacklist: "telephone-event",
  plugin_regex_body_desc: "longer packets",
  plugin_regex_body_pattern: "a=ptime:10",
  plugin_regex_body_replace: "a=ptime:20",
  plugin_siptrunk_name: "office",
  plugin_siptrunk_account: `sip:alice@${AT.r}`,
  plugin_siptrunk_numbers_regex: "^4930123[0-9]{2}$",
} as const;

/** Suites of plugins that rewrite. */
export const PLUGIN_ROW_SUITES: readonly Suite[] = [
  pluginSuite("quiet plugins", {
    directives: QUIET,
    cases: [
      row(79, "siptrunk: a number of the block reaches its account, unchanged", trunk),
      row(79, "siptrunk: a number outside of the block does not", trunkOnly),
      row(80, "stripheader: only what is named goes", strippedHeaders),
      row(81, "codecfilter and regex_body: payload, rtpmap and ptime on the wire", filteredBody),
      row(82, "fix_bogus_via: the inner Via is the source, the answer arrives", bogusVia),
      { name: "fix_fbox_anoncall: registered Contact", timeoutMs: 15_000, run: anonymousContact },
      { name: "fix_DTAG: an answer with a broken Via", timeoutMs: 15_000, run: brokenVia },
      { name: "profile snom: no serial number goes out", timeoutMs: 15_000, run: snomProfile },
      { name: "demo says that it is called", timeoutMs: 15_000, run: demoSpeaks },
    ],
  }),
];
