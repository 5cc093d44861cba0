import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  formatRegistrationFile,
  parseRegistrationFile,
} from "../../src/registrar/registration_file.ts";
import { planMedia } from "../../src/sdp/media_plan.ts";
import { parseSdp } from "../../src/sdp/parse_sdp.ts";
import { rewriteSdp } from "../../src/sdp/rewrite_sdp.ts";
import { splitList } from "../../src/sip/comma_list.ts";
import { replacePart } from "../../src/sip/multipart.ts";
import { formatNameAddr, parseNameAddr } from "../../src/sip/name_addr.ts";
import { quote, unquote } from "../../src/sip/parameters.ts";
import {
  addressOfRecordKey,
  type AnyUri,
  compareUris,
  escapeUriUser,
  parseUri,
  sameAddressOfRecord,
  unescapeUri,
  uriParameter,
  withoutUriParameter,
  withUriParameter,
} from "../../src/sip/uri.ts";
import { formatVia, parseVia, withViaParameter } from "../../src/sip/via.ts";
import { address } from "../support/core_world.ts";
import { phoneWorld } from "../support/phone_world.ts";
import { Dice } from "./dice.ts";
import { multipartText, nameAddrText, uriText, viaText } from "./grammar.ts";
import { sdpText } from "./sdp_grammar.ts";

/** Values that a parser takes out of made-up texts, the same in every run. */
function made<Value>(count: number, make: (dice: Dice) => Value | undefined): readonly Value[] {
  const dice = new Dice(count);
  const values: Value[] = [];
  for (let tries = 0; values.length < count; tries++) {
    if (tries > 100 * count) throw new Error("Cannot make values: the grammar gives none");
    const value = make(dice);
    if (value !== undefined) values.push(value);
  }
  return values;
}

const URIS: readonly AnyUri[] = made(300, (dice) => {
  const parsed = parseUri(uriText(dice));
  return parsed.ok ? parsed.value : undefined;
});

Deno.test("compareUris() is reflexive and symmetric", () => {
  for (const left of URIS) {
    strictEqual(compareUris(left, left), true, left.text);
    for (const right of URIS.slice(0, 60)) {
      strictEqual(compareUris(left, right), compareUris(right, left), `${left.text} ${right.text}`);
    }
  }
});

Deno.test("compareUris() of equal URIs means equal addresses of record", () => {
  for (const left of URIS) {
    for (const right of URIS) {
      if (compareUris(left, right)) {
        strictEqual(sameAddressOfRecord(left, right), true, `${left.text} ${right.text}`);
      }
    }
  }
});

Deno.test("addressOfRecordKey() is the same exactly for the same address of record", () => {
  const sip = URIS.filter((uri) => uri.kind === "sip" && uri.scheme === "sip");
  for (const left of sip) {
    for (const right of sip) {
      const sameKey = addressOfRecordKey(left) === addressOfRecordKey(right);
      strictEqual(sameKey, sameAddressOfRecord(left, right), `${left.text} ${right.text}`);
    }
  }
});

Deno.test("addressOfRecordKey() holds nothing that a log could stumble over", () => {
  for (const uri of URIS) {
    if (uri.kind === "sip") strictEqual(/[\r\n\0]/.test(addressOfRecordKey(uri)), false, uri.text);
  }
});

Deno.test("withUriParameter() sets what uriParameter() gives, and withoutUriParameter() takes it away", () => {
  for (const uri of URIS) {
    if (uri.kind !== "sip") continue;
    const set = withUriParameter(uri, { name: "spx", value: "7" });
    strictEqual(uriParameter(set, "spx"), "7");
    strictEqual(uriParameter(withoutUriParameter(set, "spx"), "spx"), undefined);
    const again = parseUri(set.text);
    strictEqual(again.ok && again.value.kind === "sip" && uriParameter(again.value, "spx"), "7");
  }
});

Deno.test("escapeUriUser() gives what unescapeUri() takes back, for every octet", () => {
  const dice = new Dice(2396);
  for (let count = 0; count < 500; count++) {
    const plain = dice.times(dice.below(20), () => String.fromCharCode(dice.between(1, 255))).join(
      "",
    );
    const escaped = escapeUriUser(plain);
    strictEqual(unescapeUri(escaped), plain);
    strictEqual(parseUri(`sip:x${escaped}@h`).ok, true, escaped);
  }
});

Deno.test("quote() gives what unquote() takes back", () => {
  const dice = new Dice(822);
  for (let count = 0; count < 500; count++) {
    const plain = dice.times(
      dice.below(20),
      () => dice.pick(['"', "\\", "a", " ", ";", ",", "<", "\xff"]),
    ).join("");
    strictEqual(unquote(quote(plain)), plain);
    deepStrictEqual(splitList(`${quote(plain)},x`), [quote(plain), "x"]);
  }
});

Deno.test("splitList() cuts outside of quotes and brackets only, and joins again", () => {
  const elements = ["<sip:a,b@h>", '"a, b" <sip:c>', "x", '<sip:a>;p="q,r"'];
  const dice = new Dice(7);
  for (let count = 0; count < 200; count++) {
    const chosen = dice.times(dice.between(1, 6), () => dice.pick(elements));
    deepStrictEqual(splitList(chosen.join(dice.pick([",", ", ", " , ", "\t,\t"]))), chosen);
  }
});

Deno.test("formatNameAddr() writes what parseNameAddr() reads the same", () => {
  const values = made(300, (dice) => {
    const parsed = parseNameAddr(nameAddrText(dice));
    return parsed.ok ? parsed.value : undefined;
  });
  for (const value of values) {
    const again = parseNameAddr(formatNameAddr(value));
    if (!again.ok) throw new Error(again.error);
    deepStrictEqual([again.value.uri, again.value.parameters, again.value.displayName], [
      value.uri,
      value.parameters,
      value.displayName,
    ]);
  }
});

Deno.test("formatVia() writes what parseVia() reads the same, marked or not", () => {
  const values = made(300, (dice) => {
    const parsed = parseVia(viaText(dice));
    return parsed.ok ? parsed.value : undefined;
  });
  for (const value of values) {
    for (const via of [value, withViaParameter(value, { name: "received", value: "192.0.2.66" })]) {
      const again = parseVia(formatVia(via));
      deepStrictEqual(again.ok ? again.value : again.error, via);
    }
  }
});

const SESSIONS = made(300, (dice) => {
  const parsed = parseSdp(sdpText(dice));
  return parsed.ok && planMedia(parsed.value).ok ? parsed.value : undefined;
});

const SHOWN = address("198.51.100.1");

Deno.test("rewriteSdp() twice is rewriteSdp() once", () => {
  for (const session of SESSIONS) {
    const media = session.media.filter(({ port }) => port > 0).map(({ index }) => ({
      index,
      rtpPort: 7070 + 2 * index,
      rtcpPort: 7071 + 2 * index,
    }));
    const once = rewriteSdp(session, { connectionAddress: SHOWN, media });
    const again = parseSdp(once);
    if (!again.ok) throw new Error(again.error);
    strictEqual(rewriteSdp(again.value, { connectionAddress: SHOWN, media }), once);
  }
});

Deno.test("rewriteSdp() keeps every line that says nothing of addresses, in order", () => {
  const isKept = (line: string) =>
    !/^(?:o=|c=|m=|a=rtcp:|a=candidate:|a=ice-|a=remote-candidates:|a=end-of)/.test(line);
  for (const session of SESSIONS) {
    const body = rewriteSdp(session, { connectionAddress: SHOWN, media: [] });
    const again = parseSdp(body);
    if (!again.ok) throw new Error(again.error);
    deepStrictEqual(
      again.value.lines.filter(({ text }) => isKept(text)),
      session.lines.filter(({ text }) => isKept(text)),
    );
  }
});

Deno.test("rewriteSdp() keeps number, kind, protocol and formats of media lines", () => {
  for (const session of SESSIONS) {
    const again = parseSdp(rewriteSdp(session, { connectionAddress: SHOWN, media: [] }));
    if (!again.ok) throw new Error(again.error);
    const shape = (media: typeof session.media) =>
      media.map(({ media: kind, protocol, formats, port }) => [kind, protocol, formats, port]);
    deepStrictEqual(shape(again.value.media), shape(session.media));
  }
});

Deno.test("rewriteSdp() makes nobody active who was held", () => {
  for (const session of SESSIONS) {
    const again = parseSdp(rewriteSdp(session, { connectionAddress: SHOWN, media: [] }));
    if (!again.ok) throw new Error(again.error);
    deepStrictEqual(
      again.value.media.map(({ flow }) => flow),
      session.media.map(({ flow }) => flow),
    );
  }
});

Deno.test("replacePart() changes one part and not an octet elsewhere", () => {
  const dice = new Dice(2046);
  for (let count = 0; count < 300; count++) {
    const body = multipartText(dice);
    let content = "";
    const changed = replacePart(body, {
      contentType: "multipart/mixed;boundary=b",
      mediaType: "application/sdp",
      replace: (text) => {
        content = text;
        return "new";
      },
    });
    if (!changed.ok || changed.value === body) continue;
    const at = changed.value.indexOf("new");
    const end = changed.value.length - at - 3;
    const tail = body.slice(body.length - end);
    strictEqual(changed.value.endsWith(tail), true);
    strictEqual(body.slice(0, body.length - end).endsWith(content), true);
  }
});

Deno.test("formatRegistrationFile() writes what parseRegistrationFile() reads the same", () => {
  const clock = { epochMs: 1_800_000_000_000, nowMs: 1_000_000 };
  const { state } = phoneWorld({ phones: ["alice", "bob"] });
  const bindings = state.bindings.all();
  const file = parseRegistrationFile(formatRegistrationFile(bindings, clock), clock);
  deepStrictEqual([file.issues, file.bindings], [[], bindings]);
});

Deno.test("parseRegistrationFile() ages registrations by the time between two clocks", () => {
  const { state } = phoneWorld();
  const saved = formatRegistrationFile(state.bindings.all(), {
    epochMs: 1_800_000_000_000,
    nowMs: 1_000_000,
  });
  const left = (laterSeconds: number) => {
    const nowMs = 50_000;
    const { bindings } = parseRegistrationFile(saved, {
      epochMs: 1_800_000_000_000 + laterSeconds * 1_000,
      nowMs,
    });
    return bindings.map(({ expiresAtMs }) => (expiresAtMs - nowMs) / 1_000);
  };
  deepStrictEqual([left(0), left(60), left(119), left(120), left(86_400)], [
    [120],
    [60],
    [1],
    [],
    [],
  ]);
});
