import { equal } from "node:assert/strict";
import {
  addressOfRecordKey,
  type AnyUri,
  compareHostPort,
  compareUris,
  compareUserHost,
  parseUri,
  type PortRule,
  sameAddressOfRecord,
  type SipUri,
} from "./uri.ts";

function uriOf(text: string): AnyUri {
  const uri = parseUri(text);
  if (!uri.ok) throw new Error(uri.error);
  return uri.value;
}

function sipUriOf(text: string): SipUri {
  const uri = uriOf(text);
  if (uri.kind !== "sip") throw new Error(`no SIP URI: ${text}`);
  return uri;
}

Deno.test("compareUris() finds the equivalent pairs of RFC 3261 §19.1.4 equal", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;security=on"],
    ["sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"],
    [
      "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
      "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ],
    [
      "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ],
    ["SIP:a@[2001:db8::1]", "sip:a@[2001:DB8:0::1]"],
    ["sip:a@h;%6c%72", "sip:a@h;LR"],
    ["tel:+1201", "TEL:+1201"],
  ];
  for (const [left, right] of rows) {
    equal(compareUris(uriOf(left), uriOf(right)), true, `${left} ${right}`);
    equal(compareUris(uriOf(right), uriOf(left)), true, `${right} ${left}`);
  }
});

Deno.test("compareUris() finds the other pairs of RFC 3261 §19.1.4 different", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
    ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
    ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
    ["sip:a@h;maddr=1.2.3.4", "sip:a@h"],
    ["sip:a@h;user=phone", "sip:a@h"],
    ["sip:a@h;ttl=1", "sip:a@h"],
    ["sip:a@h;method=INVITE", "sip:a@h"],
    ["sip:a@h;lr", "sip:a@h;lr="],
    ["sip:a@h?x=1", "sip:a@h?x=2"],
    ["sip:a@h?x=1", "sip:a@h?x=1&y=2"],
    ["sip:a@h", "sips:a@h"],
    ["sip:a@h", "sip:h"],
    ["sip:a:p@h", "sip:a@h"],
    ["sip:a:p@h", "sip:a:P@h"],
    ["sip:%00@h", "sip:%00%00@h"],
    ["sip:%00@h", "sip:%2500@h"],
    ["sip:a@h:5062", "sip:a@h:5063"],
    ["tel:1", "tel:2"],
    ["tel:1", "sip:1@h"],
    ["tel:1", "fax:1"],
  ];
  for (const [left, right] of rows) {
    equal(compareUris(uriOf(left), uriOf(right)), false, `${left} ${right}`);
    equal(compareUris(uriOf(right), uriOf(left)), false, `${right} ${left}`);
  }
});

Deno.test("sameAddressOfRecord() compares scheme, user, host, and ports by the rule", () => {
  const rows: readonly (readonly [string, string, PortRule | undefined, boolean])[] = [
    ["sip:a@h", "sip:a@H;x=1?y=2", undefined, true],
    ["sip:a@h", "sip:%61@h", undefined, true],
    ["sip:a@h", "sip:A@h", undefined, false],
    ["sip:a@h", "sip:a:pw@h", undefined, true],
    ["sip:a@h", "sip:h", undefined, false],
    ["sip:a@h", "sips:a@h", undefined, false],
    ["sip:a@h", "sip:a@h:5060", undefined, true],
    ["sip:a@h", "sip:a@h:5060", "default", true],
    ["sip:a@h", "sip:a@h:5061", "default", false],
    ["sips:a@h", "sips:a@h:5061", "default", true],
    ["sip:a@h", "sip:a@h:5060", "written", false],
    ["sip:a@h:5070", "sip:a@h:5070", "written", true],
    ["sip:a@h:5070", "sip:a@h", "ignore", true],
    ["tel:+1", "tel:+1", undefined, true],
    ["tel:+1", "sip:+1@h", undefined, false],
  ];
  for (const [left, right, ports, expected] of rows) {
    const options = ports === undefined ? {} : { ports };
    equal(sameAddressOfRecord(uriOf(left), uriOf(right), options), expected, `${left} ${right}`);
  }
});

Deno.test("addressOfRecordKey() is one text for all spellings", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["sip:Alice@Example.COM", "Alice@example.com"],
    ["sips:%41lice:pw@example.com:5061;x=1?y=z", "Alice@example.com"],
    ["sip:Alice@example.com:5060", "Alice@example.com"],
    ["sip:Alice@example.com:5070", "Alice@example.com:5070"],
    ["sip:example.com", "example.com"],
    ["sip:a@[2001:DB8:0::1]:5060", "a@[2001:db8::1]"],
    ["sip:sips%3Auser%40a@b", "sips:user@a@b"],
    ["sip:%00%0d@b", "%00%0D@b"],
    ["tel:+1201", "tel:+1201"],
  ];
  for (const [text, key] of rows) equal(addressOfRecordKey(uriOf(text)), key);
});

Deno.test("compareHostPort() fills default ports in and ignores users", () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ["sip:a@h", "sip:b@H:5060", true],
    ["sip:a@h:5062", "sip:a@h:5062;x", true],
    ["sip:a@h:5062", "sip:a@h", false],
    ["sip:a@h", "sip:a@i", false],
  ];
  for (const [left, right, expected] of rows) {
    equal(compareHostPort(sipUriOf(left), sipUriOf(right)), expected);
  }
});

Deno.test("compareUserHost() ignores scheme, port and parameters", () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ["sip:a@h:5070;x=1", "sips:%61@H", true],
    ["sip:a@h", "sip:A@h", false],
    ["sip:a@h", "sip:h", false],
    ["sip:h", "sip:h:1", true],
  ];
  for (const [left, right, expected] of rows) {
    equal(compareUserHost(sipUriOf(left), sipUriOf(right)), expected);
  }
});
