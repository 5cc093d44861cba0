import { deepEqual, equal } from "node:assert/strict";
import {
  formatUri,
  makeSipUri,
  parseUri,
  type SipUri,
  type SipUriParts,
  uriParameter,
  uriPort,
  withoutUriParameter,
  withUriParameter,
} from "./uri.ts";

function sipUri(text: string): SipUri {
  const uri = parseUri(text);
  if (!uri.ok || uri.value.kind !== "sip") throw new Error(`no SIP URI: ${text}`);
  return uri.value;
}

const EMPTY = {
  kind: "sip",
  scheme: "sip",
  user: undefined,
  password: undefined,
  port: undefined,
  parameters: [],
  headers: undefined,
} as const;

Deno.test("parseUri() gives the parts of SIP URIs as written", () => {
  const rows: readonly (readonly [string, Omit<SipUri, "text">])[] = [
    ["sip:example.com", { ...EMPTY, host: "example.com" }],
    ["SIPS:Alice:pw@Example.com:5071", {
      ...EMPTY,
      scheme: "sips",
      user: "Alice",
      password: "pw",
      host: "Example.com",
      port: 5071,
    }],
    ["sip:a@[2001:db8::10]:5070;transport=udp;lr", {
      ...EMPTY,
      user: "a",
      host: "[2001:db8::10]",
      port: 5070,
      parameters: [{ name: "transport", value: "udp" }, { name: "lr", value: undefined }],
    }],
    ["sip:a@b?Route=%3Csip:c%3E&x=y", {
      ...EMPTY,
      user: "a",
      host: "b",
      headers: "Route=%3Csip:c%3E&x=y",
    }],
    ["sip:b;a=1?x=;y", {
      ...EMPTY,
      host: "b",
      parameters: [{ name: "a", value: "1" }],
      headers: "x=;y",
    }],
    ["sip:user;par=u%40example.net@example.com", {
      ...EMPTY,
      user: "user;par=u%40example.net",
      host: "example.com",
    }],
    ["sip:sips%3Auser%40example.com@example.net", {
      ...EMPTY,
      user: "sips%3Auser%40example.com",
      host: "example.net",
    }],
    ["sip:1_odd.URI~(so-be!it)&is'nt+it$/wild?,/;;*:&it+has=1,x!*pas$wo~d_too@example.com", {
      ...EMPTY,
      user: "1_odd.URI~(so-be!it)&is'nt+it$/wild?,/;;*",
      password: "&it+has=1,x!*pas$wo~d_too",
      host: "example.com",
    }],
    ["sip:+1-201-555-0123:@gw;user=phone;x=", {
      ...EMPTY,
      user: "+1-201-555-0123",
      password: "",
      host: "gw",
      parameters: [{ name: "user", value: "phone" }, { name: "x", value: "" }],
    }],
    ["sip:%00%00@h", { ...EMPTY, user: "%00%00", host: "h" }],
    ["sip:j\u00f6rg#1@h", { ...EMPTY, user: "j\u00f6rg#1", host: "h" }],
  ];
  for (const [text, parts] of rows) {
    deepEqual(parseUri(text), { ok: true, value: { ...parts, text } }, text);
  }
});

Deno.test("parseUri() carries other schemes as they are", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["tel:+1-201-555-0123;ext=5", "tel", "+1-201-555-0123;ext=5"],
    ["nobodyKnowsThisScheme:totallyopaque", "nobodyknowsthisscheme", "totallyopaque"],
    ["soap.beep://192.0.2.103:3002", "soap.beep", "//192.0.2.103:3002"],
    ["urn:service:sos", "urn", "service:sos"],
    ["sipx:a@b@c", "sipx", "a@b@c"],
  ];
  for (const [text, scheme, opaque] of rows) {
    deepEqual(parseUri(text), { ok: true, value: { kind: "other", scheme, opaque, text } });
  }
});

Deno.test("parseUri() says why a text is no URI", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["", 'Cannot parse URI "": no scheme'],
    ["example.com", 'Cannot parse URI "example.com": no scheme'],
    [":a", 'Cannot parse URI ":a": no scheme'],
    ["1sip:a", 'Cannot parse URI "1sip:a": no scheme'],
    ["<sip:a@b>", 'Cannot parse URI "<sip:a@b>": no scheme'],
    [" sip:a@b", 'Cannot parse URI " sip:a@b": no scheme'],
    ["sip:", 'Cannot parse URI "sip:": nothing after the scheme'],
    ["tel:", 'Cannot parse URI "tel:": nothing after the scheme'],
    ["sip:a@b ", 'Cannot parse URI "sip:a@b ": blank, quote or bracket'],
    ["tel:1>2", 'Cannot parse URI "tel:1>2": blank, quote or bracket'],
    ['sip:"a"@b', 'Cannot parse URI "sip:"a"@b": blank, quote or bracket'],
    ["sip:a\r\n@b", 'Cannot parse URI "sip:a\\x0d\\x0a@b": blank, quote or bracket'],
    ["sip:@b", 'Cannot parse URI "sip:@b": empty user part'],
    ["sip::a@b", 'Cannot parse URI "sip::a@b": empty user part'],
    ["sip:a@b@c", 'Cannot parse URI "sip:a@b@c": more than one @'],
    ["sip:a@", 'Cannot parse URI "sip:a@": Cannot parse host "": no host name or address'],
    ["sip:a@b;", 'Cannot parse URI "sip:a@b;": empty parameter'],
    ["sip:a@b;;lr", 'Cannot parse URI "sip:a@b;;lr": empty parameter'],
    ["sip:a@b;=1", 'Cannot parse URI "sip:a@b;=1": empty parameter'],
    [
      "sip:a@b:99999",
      'Cannot parse URI "sip:a@b:99999": Cannot parse port "99999": not 1 … 65535',
    ],
  ];
  for (const [text, error] of rows) deepEqual(parseUri(text), { ok: false, error });
});

Deno.test("parseUri() quotes 64 characters of a long text at most", () => {
  const uri = parseUri(`<${"a".repeat(8000)}`);
  equal(uri.ok || uri.error, `Cannot parse URI "<${"a".repeat(63)}…": no scheme`);
});

Deno.test("formatUri() writes the parts that are there", () => {
  const rows: readonly (readonly [SipUriParts, string])[] = [
    [{ host: "h" }, "sip:h"],
    [{ scheme: "sips", user: "a", password: "p", host: "h", port: 5071 }, "sips:a:p@h:5071"],
    [{ host: "[::1]", port: 5060 }, "sip:[::1]:5060"],
    [{
      user: "a",
      host: "h",
      parameters: [{ name: "lr", value: undefined }, { name: "x", value: "1" }],
      headers: "s=1",
    }, "sip:a@h;lr;x=1?s=1"],
  ];
  for (const [parts, text] of rows) equal(formatUri(parts), text);
});

Deno.test("formatUri() gives back what parseUri() read", () => {
  const rows: readonly string[] = [
    "sip:a:b@h:5061;x=1;y?z=1",
    "sips:[2001:db8::1]:5061",
    "sip:user;par=u%40example.net@example.com",
  ];
  for (const text of rows) equal(formatUri(sipUri(text)), text);
});

Deno.test("makeSipUri() has the text of its parts", () => {
  deepEqual(makeSipUri({ user: "a", host: "h", port: 5062 }), {
    ...EMPTY,
    user: "a",
    host: "h",
    port: 5062,
    text: "sip:a@h:5062",
  });
  equal(makeSipUri({ ...sipUri("sip:a@h;lr?x=y"), host: "i" }).text, "sip:a@i;lr?x=y");
});

Deno.test("uriParameter() finds escaped and upper-case names", () => {
  const uri = sipUri("sip:h;%6C%72;n%61me=v%61lue%25%34%31;TRANSPORT=TCP");
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["lr", ""],
    ["name", "v%61lue%25%34%31"],
    ["transport", "TCP"],
    ["maddr", undefined],
  ];
  for (const [name, value] of rows) equal(uriParameter(uri, name), value);
});

Deno.test("withUriParameter() and withoutUriParameter() keep text and list in step", () => {
  const uri = sipUri("sip:a@h;x=1;lr?s=1");
  const set = withUriParameter(uri, { name: "x", value: "2" });
  equal(set.text, "sip:a@h;x=2;lr?s=1");
  deepEqual(set.parameters, [{ name: "x", value: "2" }, { name: "lr", value: undefined }]);
  equal(withUriParameter(uri, { name: "t", value: "k" }).text, "sip:a@h;x=1;lr;t=k?s=1");
  equal(withoutUriParameter(uri, "x").text, "sip:a@h;lr?s=1");
  equal(withoutUriParameter(uri, "y"), uri);
});

Deno.test("uriPort() fills the scheme's default in", () => {
  const rows: readonly (readonly [string, number])[] = [
    ["sip:h", 5060],
    ["sips:h", 5061],
    ["sip:h:5070", 5070],
    ["sips:h:5060", 5060],
  ];
  for (const [text, port] of rows) equal(uriPort(sipUri(text)), port);
});
