import { deepEqual, equal } from "node:assert/strict";
import { linesOf, messageOf, requestOf, responseOf } from "../../tests/support/sip_messages.ts";
import {
  appendHeaderAfterLast,
  getHeader,
  getHeaders,
  headerValue,
  listValues,
  makeHeader,
  prependHeader,
  removeHeaders,
  removeHeaderWhere,
  replaceListElements,
  setHeader,
  withBody,
  withHeaders,
  withRequestUri,
  withStatus,
} from "./headers.ts";

const START = "OPTIONS sip:b@b.example SIP/2.0";

Deno.test("getHeader(), getHeaders() and headerValue() find every spelling", () => {
  const message = messageOf([START, "m: <sip:1>", "Via: a", "CONTACT : <sip:2>"]);
  deepEqual(getHeader(message, "contact"), {
    key: "contact",
    name: "m",
    value: "<sip:1>",
    line: "m: <sip:1>",
  });
  deepEqual(getHeaders(message, "contact").map((field) => field.line), [
    "m: <sip:1>",
    "CONTACT : <sip:2>",
  ]);
  equal(headerValue(message, "contact"), "<sip:1>");
  equal(getHeader(message, "route"), undefined);
  equal(headerValue(message, "route"), undefined);
  deepEqual(getHeaders(message, "route"), []);
});

Deno.test("listValues() joins the elements of all lines in order", () => {
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[], []],
    [["k: a"], ["a"]],
    [["Supported: a, b", "X: y", "k: c"], ["a", "b", "c"]],
    [["Supported:"], []],
    [['k: "a,b", <c,d>'], ['"a,b"', "<c,d>"]],
  ];
  for (const [lines, elements] of rows) {
    deepEqual(listValues(messageOf([START, ...lines]), "supported"), elements);
  }
});

Deno.test("makeHeader() makes a field that goes out as name, colon, value", () => {
  const rows: readonly (readonly [string, string, ReturnType<typeof makeHeader>])[] = [
    ["Via", "a", { key: "via", name: "Via", value: "a", line: "Via: a" }],
    ["v", " a\t", { key: "via", name: "v", value: "a", line: "v: a" }],
    ["Subject", "", { key: "subject", name: "Subject", value: "", line: "Subject:" }],
  ];
  for (const [name, value, field] of rows) deepEqual(makeHeader(name, value), field);
});

Deno.test("setHeader() replaces the first, drops the others, or appends", () => {
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["A: 1", "B: 2"], ["A: 1", "B: 2", "User-Agent: u"]],
    [["A: 1", "User-Agent: old", "B: 2"], ["A: 1", "User-Agent: u", "B: 2"]],
    [["user-agent : old", "B: 2", "USER-AGENT: x"], ["User-Agent: u", "B: 2"]],
    [["A: 1", "Content-Length: 0"], ["A: 1", "User-Agent: u", "Content-Length: 0"]],
    [["l: 0", "A: 1"], ["l: 0", "A: 1", "User-Agent: u"]],
    [[], ["User-Agent: u"]],
  ];
  for (const [before, after] of rows) {
    const message = messageOf([START, ...before]);
    deepEqual(linesOf(setHeader(message, "User-Agent", "u")), [START, ...after]);
    deepEqual(linesOf(message), [START, ...before], "the given message stays");
  }
});

Deno.test("removeHeaders() takes out every spelling", () => {
  const message = messageOf([START, "Alert-Info: x", "A: 1", "alert-info :\r\n y"]);
  deepEqual(linesOf(removeHeaders(message, "alert-info")), [START, "A: 1"]);
});

Deno.test("removeHeaders() gives the message itself when there is nothing to remove", () => {
  const message = messageOf([START, "A: 1"]);
  equal(removeHeaders(message, "alert-info"), message);
});

Deno.test("removeHeaderWhere() tells the test each field and its index", () => {
  const message = messageOf([START, "A: 1", "B: 2", "C: 3"]);
  const seen: string[] = [];
  const edited = removeHeaderWhere(message, (field, index) => {
    seen.push(`${index} ${field.line}`);
    return field.value === "2";
  });
  deepEqual(linesOf(edited), [START, "A: 1", "C: 3"]);
  deepEqual(seen, ["0 A: 1", "1 B: 2", "2 C: 3"]);
});

Deno.test("prependHeader() stands before the first of its name, else after the Vias", () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["Via", ["A: 1", "v: b"], ["A: 1", "Via: new", "v: b"]],
    ["Via", ["A: 1"], ["Via: new", "A: 1"]],
    ["Route", ["Via: a", "A: 1", "Route: r"], ["Via: a", "A: 1", "Route: new", "Route: r"]],
    ["Route", ["Via: a", "A: 1", "Via: b", "C: 3"], [
      "Via: a",
      "A: 1",
      "Via: b",
      "Route: new",
      "C: 3",
    ]],
    ["Route", ["A: 1"], ["Route: new", "A: 1"]],
  ];
  for (const [name, before, after] of rows) {
    const edited = prependHeader(messageOf([START, ...before]), name, "new");
    deepEqual(linesOf(edited), [START, ...after]);
  }
});

Deno.test("appendHeaderAfterLast() stands after the last of its name, else after the Vias", () => {
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["Record-Route: a", "A: 1", "Record-Route: b", "B: 2"], [
      "Record-Route: a",
      "A: 1",
      "Record-Route: b",
      "Record-Route: new",
      "B: 2",
    ]],
    [["Via: a", "A: 1"], ["Via: a", "Record-Route: new", "A: 1"]],
    [["A: 1"], ["Record-Route: new", "A: 1"]],
  ];
  for (const [before, after] of rows) {
    const edited = appendHeaderAfterLast(messageOf([START, ...before]), "Record-Route", "new");
    deepEqual(linesOf(edited), [START, ...after]);
  }
});

Deno.test("replaceListElements() touches changed lines only", () => {
  const before = [
    "m :  <sip:keep>  ,<sip:keep2>",
    "Contact: <sip:change>;q=1 , <sip:keep>",
    "Contact: <sip:drop>",
    "A: <sip:change>",
    "CONTACT:<sip:drop>,<sip:keep>",
  ];
  const edited = replaceListElements(messageOf([START, ...before]), "contact", (element) => {
    if (element.startsWith("<sip:change>")) return element.replace("change", "new");
    return element === "<sip:drop>" ? undefined : element;
  });
  deepEqual(linesOf(edited), [
    START,
    "m :  <sip:keep>  ,<sip:keep2>",
    "Contact: <sip:new>;q=1, <sip:keep>",
    "A: <sip:change>",
    "CONTACT: <sip:keep>",
  ]);
});

Deno.test("replaceListElements() counts elements over all lines", () => {
  const message = messageOf([START, "Route: <sip:a>, <sip:b>", "X: y", "Route: <sip:c>"]);
  const seen: string[] = [];
  const edited = replaceListElements(message, "route", (element, index) => {
    seen.push(`${index} ${element}`);
    return index === 0 ? undefined : element;
  });
  deepEqual(seen, ["0 <sip:a>", "1 <sip:b>", "2 <sip:c>"]);
  deepEqual(linesOf(edited), [START, "Route: <sip:b>", "X: y", "Route: <sip:c>"]);
});

Deno.test("replaceListElements() gives the message itself when nothing changes", () => {
  const message = messageOf([START, "Route: <sip:a>"]);
  equal(replaceListElements(message, "route", (element) => element), message);
  equal(replaceListElements(message, "contact", () => undefined), message);
});

Deno.test("withHeaders() keeps the rest of the message", () => {
  const request = requestOf([START, "A: 1"], "body");
  deepEqual(withHeaders(request, []), {
    kind: "request",
    method: "OPTIONS",
    requestUri: "sip:b@b.example",
    startLine: START,
    headers: [],
    body: "body",
  });
});

Deno.test("withBody() keeps Content-Length in step under its own spelling", () => {
  const rows: readonly (readonly [readonly string[], string, readonly string[]])[] = [
    [["l : 0", "A: 1"], "abc", ["l: 3", "A: 1"]],
    [["A: 1"], "\u00e9", ["A: 1", "Content-Length: 1"]],
    [["Content-Length:   0"], "", ["Content-Length: 0"]],
  ];
  for (const [before, body, after] of rows) {
    const request = requestOf([START, ...before]);
    const edited = withBody(request, body);
    equal(edited.body, body);
    deepEqual(linesOf(edited), [START, ...after]);
  }
});

Deno.test("withRequestUri() changes URI and start line", () => {
  const edited = withRequestUri(requestOf([START, "A: 1"]), "sip:c@10.0.0.10:5062");
  deepEqual(edited, {
    kind: "request",
    method: "OPTIONS",
    requestUri: "sip:c@10.0.0.10:5062",
    startLine: "OPTIONS sip:c@10.0.0.10:5062 SIP/2.0",
    headers: [makeHeader("A", "1")],
    body: "",
  });
});

Deno.test("withStatus() changes code, phrase and start line", () => {
  const response = responseOf(["SIP/2.0 202 Accepted"]);
  deepEqual(withStatus(response, { statusCode: 404, reasonPhrase: "Accepted" }), {
    kind: "response",
    statusCode: 404,
    reasonPhrase: "Accepted",
    startLine: "SIP/2.0 404 Accepted",
    headers: [],
    body: "",
  });
});
