import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import {
  ALICE,
  answerText,
  phoneWorld,
  PROVIDER,
  requestContext,
  requestText,
  responseContext,
  sdpText,
  sendsOf,
} from "../../../tests/support/phone_world.ts";
import { setHeader } from "../../sip/headers.ts";
import type { RequestContext, ResponseContext } from "../context.ts";
import type { Verdict } from "../stage.ts";
import { relayRequestMedia, relayResponseMedia } from "./media.ts";
import { trackRequestDialog } from "./request_dialog.ts";

const OFFER = sdpText("10.0.0.10", 4000);

/** An outgoing request of Alice's, as the media stage gets it. */
function request(
  method: string,
  options: { readonly world?: CoreWorld; readonly body?: string; readonly type?: string } = {},
): RequestContext {
  const { world = phoneWorld(), body = OFFER, type } = options;
  const context = requestContext(world, { text: requestText({ method, body }), from: ALICE });
  context.direction = "outgoing";
  context.hop = {
    side: "wan",
    transport: "udp",
    peer: context.input.source,
    connectionId: undefined,
  };
  trackRequestDialog(context);
  if (type !== undefined) context.message = setHeader(context.message, "Content-Type", type);
  return context;
}

/** Address and port of the audio line that leaves. */
function placeIn(body: string): string {
  const address = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const port = /^m=audio (\d+)/m.exec(body)?.[1];
  return `${address}:${port}`;
}

function said(verdict: Verdict): string {
  return verdict.kind === "reply" ? `${verdict.response.statusCode}` : verdict.kind;
}

/** Method, settings, Content-Type, and the place of the audio line that leaves. */
const REQUESTS: readonly (readonly [string, string, string | undefined, "relayed" | "as it is"])[] =
  [
    ["INVITE", "", undefined, "relayed"],
    ["INVITE", "", "APPLICATION/SDP;charset=utf-8", "relayed"],
    ["INVITE", "", "application/isup", "as it is"],
    ["INVITE", "", "text/plain", "as it is"],
    ["INVITE", "rtp_proxy_enable = 0", undefined, "as it is"],
    ["INFO", "", undefined, "as it is"],
    ["MESSAGE", "", undefined, "as it is"],
    ["BYE", "", undefined, "as it is"],
  ];

for (const [method, settings, type, wanted] of REQUESTS) {
  Deno.test(`relayRequestMedia() of ${method}, ${type ?? "application/sdp"}, "${settings}": ${wanted}`, () => {
    const world = phoneWorld({ settings });
    const context = request(method, { world, ...(type === undefined ? {} : { type }) });
    strictEqual(said(relayRequestMedia(context)), "next");
    strictEqual(
      placeIn(context.message.body),
      wanted === "relayed" ? "192.0.2.1:7070" : "10.0.0.10:4000",
    );
  });
}

Deno.test("relayRequestMedia() counts Content-Length anew", () => {
  const context = request("INVITE");
  relayRequestMedia(context);
  deepStrictEqual(
    context.message.headers.filter(({ key }) => key === "content-length").map(({ value }) => value),
    [`${context.message.body.length}`],
  );
});

Deno.test("relayRequestMedia() of a request without body changes nothing", () => {
  const context = request("INVITE", { body: "" });
  const { message } = context;
  strictEqual(said(relayRequestMedia(context)), "next");
  strictEqual(context.message, message);
});

Deno.test("relayRequestMedia() finds the description among the parts of a body", () => {
  const part = (type: string, text: string) => `--b\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
  const body = `${part("text/plain", "10.0.0.10")}${part("application/sdp", OFFER)}--b--\r\n`;
  const context = request("INVITE", { body, type: "multipart/mixed;boundary=b" });
  strictEqual(said(relayRequestMedia(context)), "next");
  strictEqual(placeIn(context.message.body), "192.0.2.1:7070");
  strictEqual(context.message.body.startsWith(part("text/plain", "10.0.0.10")), true);
  strictEqual(context.message.body.endsWith("--b--\r\n"), true);
});

Deno.test("relayRequestMedia() says what it cannot read, and lets it pass", () => {
  const context = request("INVITE", { body: "no description" });
  strictEqual(said(relayRequestMedia(context)), "next");
  strictEqual(context.message.body, "no description");
  const logs = context.actions.flatMap((action) =>
    action.kind === "log" ? [`${action.event.level} ${action.event.event}`] : []
  );
  deepStrictEqual(logs, ["error sdp.untouched"]);
});

Deno.test("relayRequestMedia() without ports refuses an INVITE and counts it", () => {
  const context = request("INVITE", { world: phoneWorld({ pairs: 0 }) });
  strictEqual(said(relayRequestMedia(context)), "503");
  deepStrictEqual(
    context.actions.flatMap((action) =>
      action.kind === "log"
        ? [`${action.event.level} ${action.event.event}`]
        : action.kind === "count"
        ? [action.counter]
        : []
    ),
    ["error rtp.no_port", "media_ports_exhausted"],
  );
});

Deno.test("relayRequestMedia() asks for ports while the media isolate may have more", () => {
  const context = request("INVITE", { world: phoneWorld({ pairs: 0 }) });
  const env = { ...context.env, mediaExhausted: false };
  deepStrictEqual(relayRequestMedia({ ...context, env }), {
    kind: "need",
    need: { kind: "media-ports", lanPairs: 1, wanPairs: 1, families: { lan: 4, wan: 4 } },
  });
});

/** Bob's answer to a call of Alice's, as the media stage gets it. */
function answer(status: string, settings = ""): ResponseContext {
  const world = phoneWorld({ settings });
  const [sent] = sendsOf(world.receive(requestText({ body: OFFER }), ALICE));
  const text = answerText(sent?.text ?? "", status, { body: sdpText("203.0.113.9", 9000) });
  const context = responseContext(world, { text, from: PROVIDER });
  context.direction = "incoming";
  context.trust = "verified";
  context.dialog = world.state.dialogs.all()[0];
  return context;
}

const ANSWERS: readonly (readonly [string, string, "relayed" | "as it is"])[] = [
  ["183 Session Progress", "", "relayed"],
  ["200 OK", "", "relayed"],
  ["299 Fine", "", "relayed"],
  ["300 Multiple Choices", "", "as it is"],
  ["488 Not Acceptable Here", "", "as it is"],
  ["200 OK", "rtp_proxy_enable = 0", "as it is"],
];

for (const [status, settings, wanted] of ANSWERS) {
  Deno.test(`relayResponseMedia() of ${status} with "${settings}": ${wanted}`, () => {
    const context = answer(status, settings);
    strictEqual(said(relayResponseMedia(context)), "next");
    strictEqual(
      placeIn(context.message.body),
      wanted === "relayed" ? "10.0.0.1:7072" : "203.0.113.9:9000",
    );
  });
}
