import { deepEqual, equal } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import { contactExpires, contactInstance, contactPreference, parseContacts } from "./contact.ts";
import { type NameAddr, parseNameAddr } from "./name_addr.ts";

const START = "REGISTER sip:b SIP/2.0";

function contactOf(parameters: string): NameAddr {
  const parsed = parseNameAddr(`<sip:a@b>${parameters}`);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

Deno.test("parseContacts() tells none, star and list apart", () => {
  const rows: readonly (readonly [readonly string[], string, readonly string[]])[] = [
    [[], "none", []],
    [["Contact:"], "none", []],
    [["Contact: *"], "star", []],
    [["m:\r\n *"], "star", []],
    [["Contact: <sip:%00@h>", "m: <sip:%00%00@h>"], "list", ["sip:%00@h", "sip:%00%00@h"]],
    [['Contact: "x, y" <sip:a@h>;q=1, sip:b@h;q=0.5'], "list", ["sip:a@h", "sip:b@h"]],
    [["Contact: <name:John_Smith>"], "list", ["name:John_Smith"]],
  ];
  for (const [lines, kind, uris] of rows) {
    const parsed = parseContacts(messageOf([START, ...lines]));
    equal(parsed.ok && parsed.value.kind, kind);
    deepEqual(parsed.ok && parsed.value.contacts.map((contact) => contact.uri.text), uris);
  }
});

Deno.test("parseContacts() refuses a star among others and malformed elements", () => {
  const star = 'Cannot parse Contact: Cannot parse URI "*": no scheme';
  const rows: readonly (readonly [readonly string[], string])[] = [
    [["Contact: *", "Contact: <sip:a@b>"], star],
    [["Contact: <sip:a@b>, *"], star],
    [["Contact: *;expires=0"], 'Cannot parse Contact: Cannot parse URI "*": no scheme'],
    [
      ['Contact: <sip:a@b>"'],
      "Cannot parse Contact: Cannot parse parameters: unexpected character at offset 9",
    ],
    [
      ["Contact: sip:a@b?Route=x"],
      'Cannot parse Contact: Cannot parse address: "?" or "," in a URI without brackets',
    ],
  ];
  for (const [lines, error] of rows) {
    deepEqual(parseContacts(messageOf([START, ...lines])), { ok: false, error });
  }
});

Deno.test("contactExpires() takes a malformed value for a missing one", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    [";expires=60", 60],
    [";Expires=0", 0],
    [";expires=280297596632815", 4294967295],
    [";expires=-1", undefined],
    [";expires", undefined],
    ["", undefined],
  ];
  for (const [parameters, seconds] of rows) equal(contactExpires(contactOf(parameters)), seconds);
});

Deno.test("contactPreference() gives thousandths", () => {
  const rows: readonly (readonly [string, number])[] = [
    [";q=0.33", 330],
    [";q=1", 1000],
    [";q=1.000", 1000],
    [";q=0", 0],
    [";q=0.", 0],
    [";q=0.001", 1],
    [";q=0.0001", 1000],
    [";q=2", 1000],
    [";q=-1", 1000],
    [";q", 1000],
    ["", 1000],
  ];
  for (const [parameters, thousandths] of rows) {
    equal(contactPreference(contactOf(parameters)), thousandths, parameters);
  }
});

Deno.test("contactInstance() takes the quotes off", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    [';+sip.instance="<urn:uuid:1>"', "<urn:uuid:1>"],
    [';+SIP.Instance="<urn:uuid:1>"', "<urn:uuid:1>"],
    [';+sip.instance=""', undefined],
    [";+sip.instance", undefined],
    ["", undefined],
  ];
  for (const [parameters, instance] of rows) {
    equal(contactInstance(contactOf(parameters)), instance);
  }
});
