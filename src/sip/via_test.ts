import { deepEqual, equal, throws } from "node:assert/strict";
import { formatVia, makeVia, parseVia, type Via, withViaParameter } from "./via.ts";

function viaOf(text: string): Via {
  const parsed = parseVia(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

Deno.test("parseVia() gives all parts", () => {
  deepEqual(parseVia("SIP/2.0/UDP 10.0.0.10:5062;rport=5080;branch=z9hG4bK1;received=1.2.3.4;x"), {
    ok: true,
    value: {
      protocol: "SIP",
      version: "2.0",
      transport: "UDP",
      host: "10.0.0.10",
      port: 5062,
      parameters: [
        { name: "rport", value: "5080" },
        { name: "branch", value: "z9hG4bK1" },
        { name: "received", value: "1.2.3.4" },
        { name: "x", value: undefined },
      ],
      branch: "z9hG4bK1",
      received: "1.2.3.4",
      rport: 5080,
    },
  });
});

Deno.test("parseVia() takes blanks, unknown transports and IPv6", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["SIP  /   2.0  /UDP     192.0.2.2;branch=390skdjuw", "SIP/2.0/UDP 192.0.2.2;branch=390skdjuw"],
    [
      "SIP / 2.0 / TCP\tspindle.example.com   ;  branch  =   a",
      "SIP/2.0/TCP spindle.example.com;branch=a",
    ],
    ["sip/2.0/udp a : 5060 ; rport", "SIP/2.0/udp a:5060;rport"],
    ["SIP/2.0/UNKNOWN t4.example.com", "SIP/2.0/UNKNOWN t4.example.com"],
    ["SIP/2.0/UDP [2001:db8::9:1]", "SIP/2.0/UDP [2001:db8::9:1]"],
    [
      "SIP/2.0/UDP [::1] : 5070;received=2001:db8::2",
      "SIP/2.0/UDP [::1]:5070;received=2001:db8::2",
    ],
    ["SIP/2.0/TCP h;branch=z9hG4bK-.!%66*_+`'~", "SIP/2.0/TCP h;branch=z9hG4bK-.!%66*_+`'~"],
    ["SIP/2.0/UDP h;maddr=239.255.255.1;ttl=16", "SIP/2.0/UDP h;maddr=239.255.255.1;ttl=16"],
  ];
  for (const [text, formatted] of rows) equal(formatVia(viaOf(text)), formatted);
});

Deno.test("parseVia() tells the three states of rport apart", () => {
  const rows: readonly (readonly [string, number | "" | undefined])[] = [
    ["SIP/2.0/UDP h", undefined],
    ["SIP/2.0/UDP h;rport", ""],
    ["SIP/2.0/UDP h;rport=", ""],
    ["SIP/2.0/UDP h;RPORT=0", 0],
    ["SIP/2.0/UDP h;rport=65535", 65535],
  ];
  for (const [text, rport] of rows) equal(viaOf(text).rport, rport);
});

Deno.test("parseVia() says why a text is no Via", () => {
  const missing = "Cannot parse Via: missing protocol, version or transport";
  const rows: readonly (readonly [string, string])[] = [
    ["", missing],
    ["SIP/2.0", missing],
    ["SIP/2.0/", missing],
    ["SIP 2.0 UDP h", missing],
    ["/2.0/UDP h", "Cannot parse Via: protocol is not SIP"],
    ["HTTP/1.1/TCP h", "Cannot parse Via: protocol is not SIP"],
    ["SIP/7.0/UDP h", "Cannot parse Via: version is not 2.0"],
    ["SIP/2.0/UDP", "Cannot parse Via: missing sent-by at offset 11"],
    ["SIP/2.0/UDP  ", "Cannot parse Via: missing sent-by at offset 13"],
    ["SIP/2.0/UDP;branch=a", "Cannot parse Via: missing sent-by at offset 11"],
    ["SIP/2.0/UDP ;x", 'Cannot parse Via: Cannot parse host "": no host name or address'],
    [
      "SIP/2.0/UDP a b",
      'Cannot parse Via: Cannot parse host "a b": unexpected character at offset 1',
    ],
    ["SIP/2.0/UDP h:99999", 'Cannot parse Via: Cannot parse port "99999": not 1 … 65535'],
    ["SIP/2.0/UDP h;;", "Cannot parse Via: Cannot parse parameters: empty name at offset 13"],
    ["SIP/2.0/UDP h;branch=a;BRANCH=b", "Cannot parse Via: more than one branch"],
    ["SIP/2.0/UDP h;received=a;received=b", "Cannot parse Via: more than one received"],
    ["SIP/2.0/UDP h;rport;rport=1", "Cannot parse Via: more than one rport"],
    ["SIP/2.0/UDP h;maddr=a;maddr=b", "Cannot parse Via: more than one maddr"],
    ["SIP/2.0/UDP h;rport=65536", "Cannot parse Via: rport is not 0 … 65535"],
    ["SIP/2.0/UDP h;rport=x", "Cannot parse Via: rport is not 0 … 65535"],
  ];
  for (const [text, error] of rows) deepEqual(parseVia(text), { ok: false, error }, text);
});

Deno.test("makeVia() builds our own Via", () => {
  const via = makeVia({
    transport: "UDP",
    host: "192.0.2.1",
    port: 5060,
    parameters: [{ name: "branch", value: "z9hG4bKown" }, { name: "rport", value: undefined }],
  });
  equal(via.ok && formatVia(via.value), "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown;rport");
  equal(via.ok && via.value.branch, "z9hG4bKown");
});

Deno.test("withViaParameter() fills rport and received in place", () => {
  const via = viaOf("SIP/2.0/UDP 10.0.0.10:5062;rport;branch=z9hG4bK1");
  const filled = withViaParameter(
    withViaParameter(via, { name: "rport", value: "49152" }),
    { name: "received", value: "203.0.113.7" },
  );
  equal(
    formatVia(filled),
    "SIP/2.0/UDP 10.0.0.10:5062;rport=49152;branch=z9hG4bK1;received=203.0.113.7",
  );
  equal(filled.rport, 49152);
  equal(filled.received, "203.0.113.7");
});

Deno.test("withViaParameter() throws on a port that is none, which is our bug", () => {
  const via = viaOf("SIP/2.0/UDP h");
  throws(
    () => withViaParameter(via, { name: "rport", value: "70000" }),
    /^Error: Cannot parse Via: rport is not 0 … 65535$/,
  );
});
