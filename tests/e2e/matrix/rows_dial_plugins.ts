/** Rows 76 – 78 of the behaviour matrix on the wire: plugins that send callers somewhere else. */

import assert from "node:assert/strict";
import type { Case, Suite } from "../support/case.ts";
import { answer, header, startLine } from "../support/sip_text.ts";
import { unique } from "./message.ts";
import { dialled, fromOutside, pluginSuite } from "./plugin_rows.ts";
import { row } from "./row.ts";
import { AT, type Stage } from "./stage.ts";

/** Rows 76: the phone is sent on, and its ACK ends here. */
function redirects(
  name: string,
  plan: { readonly user: string; readonly contact: string },
): Case<Stage> {
  return row(76, `${name}: 302 with the new target, the ACK goes no further`, async (stage) => {
    const callId = unique("redirect-");
    const uri = `sip:${plan.user}@${AT.r}:5070`;
    const invite = dialled(stage, { uri, callId });
    await stage.a.send(invite, stage.inside);
    const moved = await stage.a.expect({ callId, status: 302 });
    assert.equal(header(moved.text, "Contact"), `<${plan.contact}>`);
    const ack = invite.replace("INVITE sip:", "ACK sip:").replace("1 INVITE", "1 ACK")
      .replace(`To: <${uri}>`, `To: ${header(moved.text, "To")}`);
    await stage.a.send(ack, stage.inside);
    await stage.r.expectSilence(callId);
  });
}

async function redirectedPasses(stage: Stage): Promise<void> {
  const callId = unique("redirected-");
  const uri = `sip:01@${AT.r}:5070;redirected=prefix`;
  await stage.a.send(dialled(stage, { uri, callId }), stage.inside);
  const arrived = await stage.r.expect({ callId, method: "INVITE" });
  assert.equal(startLine(arrived.text), `INVITE ${uri} SIP/2.0`);
  await stage.r.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.a.expect({ callId, status: 486 });
}

async function defaultTarget(stage: Stage): Promise<void> {
  const callId = unique("nobody-");
  const text = fromOutside({ callId, uri: `sip:nobody@${AT.outbound}` });
  await stage.r.send(text, stage.outside);
  const moved = await stage.r.expect({ callId, status: 302 });
  assert.equal(header(moved.text, "Contact"), "<sip:operator@example.org:5060>");
  await stage.proxy.process.waitForLog(/Unknown Target \[rcvd IP=192\.0\.2\.10\]/, 3000);
}

/** Suites of plugins that redirect. */
export const DIAL_PLUGIN_SUITES: readonly Suite[] = [
  pluginSuite("prefix", {
    directives: { load_plugin: "plugin_prefix.la", plugin_prefix_akey: "0" },
    cases: [
      redirects("prefix", {
        user: "1",
        contact: `sip:01@${AT.r}:5070;redirected=prefix`,
      }),
      row(77, "prefix: a number that was redirected passes", redirectedPasses),
    ],
  }),
  pluginSuite("shortdial", {
    directives: {
      load_plugin: ["plugin_shortdial.la", "plugin_defaulttarget.la"],
      plugin_shortdial_akey: "*00",
      plugin_shortdial_entry: ["17474743246", "17474745000@other.example:5080"],
      plugin_defaulttarget_log: 1,
      plugin_defaulttarget_target: "sip:operator@example.org:5060",
    },
    cases: [
      redirects("shortdial", { user: "*01", contact: `sip:17474743246@${AT.r}:5070` }),
      redirects("shortdial", { user: "*02", contact: "sip:17474745000@other.example:5080" }),
      row(78, "defaulttarget: a call to nobody is sent to the target", defaultTarget),
    ],
  }),
  pluginSuite("regex", {
    directives: {
      load_plugin: "plugin_regex.la",
      plugin_regex_desc: "00 to +",
      plugin_regex_pattern: "^(sips?:)00",
      plugin_regex_replace: "\\1+",
    },
    cases: [
      redirects("regex", { user: "0041", contact: `sip:+41@${AT.r}:5070;redirected=regex` }),
    ],
  }),
];
