import { deepEqual, equal } from "node:assert/strict";
import { replacePart } from "./multipart.ts";

const TYPE = "multipart/mixed;boundary=b1";
const SDP_PART = "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n";
const BINARY_PART = "--b1\r\nContent-Type: application/isup\r\n\r\n\x01\0\r\n--b\xff\r\n";
const END = "--b1--";

interface Run {
  readonly result: string;
  readonly seen: readonly string[];
}

/** Replaces the SDP part by `NEW` and tells what the replacer was shown. */
function replaceSdp(contentType: string, body: string): Run {
  const seen: string[] = [];
  const replaced = replacePart(body, {
    contentType,
    mediaType: "application/sdp",
    replace: (content) => {
      seen.push(content);
      return "NEW";
    },
  });
  return { result: replaced.ok ? replaced.value : replaced.error, seen };
}

Deno.test("replacePart() changes the part looked for and nothing else", () => {
  const rows: readonly (readonly [string, string])[] = [
    [
      SDP_PART + BINARY_PART + END,
      "--b1\r\nContent-Type: application/sdp\r\n\r\nNEW\r\n" +
      BINARY_PART + END,
    ],
    [
      `preamble\r\n${BINARY_PART}${SDP_PART}${END}\r\nepilogue`,
      `preamble\r\n${BINARY_PART}--b1\r\nContent-Type: application/sdp\r\n\r\nNEW\r\n${END}\r\nepilogue`,
    ],
  ];
  for (const [body, expected] of rows) {
    deepEqual(replaceSdp(TYPE, body), { result: expected, seen: ["v=0\r\n"] });
  }
});

Deno.test("replacePart() reads the media type of a part in any spelling", () => {
  const rows: readonly string[] = [
    "c: application/sdp",
    "CONTENT-TYPE : Application / SDP;charset=utf-8",
    "X: y\r\nContent-Type:\r\n application/sdp",
    "Content-Type: application/sdp\r\nContent-Transfer-Encoding: BINARY",
    "Content-Type: application/sdp\r\nContent-Transfer-Encoding: 8bit",
  ];
  for (const head of rows) {
    const body = `--b1\r\n${head}\r\n\r\nv=0\r\n${END}`;
    deepEqual(replaceSdp(TYPE, body), {
      result: `--b1\r\n${head}\r\n\r\nNEW\r\n${END}`,
      seen: ["v=0"],
    });
  }
});

Deno.test("replacePart() understands quoted boundaries and LF line ends", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'Multipart/Mixed; boundary="a b"',
      "--a b \r\nc: application/sdp\r\n\r\nv\r\n--a b--",
      "--a b \r\nc: application/sdp\r\n\r\nNEW\r\n--a b--",
    ],
    [TYPE, "--b1\nc: application/sdp\n\nv\n--b1--\n", "--b1\nc: application/sdp\n\nNEW\n--b1--\n"],
  ];
  for (const [contentType, body, result] of rows) {
    deepEqual(replaceSdp(contentType, body), { result, seen: ["v"] });
  }
});

Deno.test("replacePart() looks into nested multiparts", () => {
  const inner = (sdp: string) =>
    `--b2\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b2\r\nc: application/sdp\r\n\r\n${sdp}\r\n--b2--`;
  const outer = (sdp: string) =>
    `--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n${inner(sdp)}\r\n${END}`;
  deepEqual(replaceSdp(TYPE, outer("v=0")), { result: outer("NEW"), seen: ["v=0"] });
});

Deno.test("replacePart() keeps a Content-Length inside the part in step", () => {
  const part = (length: string, sdp: string) =>
    `--b1\r\nX-Content-Length: 5\r\nContent-Type: application/sdp\r\n${length}\r\n\r\n${sdp}\r\n${END}`;
  deepEqual(replaceSdp(TYPE, part("Content-Length : 5", "v=0\r\n")), {
    result: part("Content-Length: 3", "NEW"),
    seen: ["v=0\r\n"],
  });
});

Deno.test("replacePart() replaces the first part of the type alone", () => {
  const body = SDP_PART + SDP_PART + END;
  deepEqual(replaceSdp(TYPE, body), {
    result: `--b1\r\nContent-Type: application/sdp\r\n\r\nNEW\r\n${SDP_PART}${END}`,
    seen: ["v=0\r\n"],
  });
});

Deno.test("replacePart() gives the body itself when no part is looked for", () => {
  const rows: readonly string[] = [
    BINARY_PART + END,
    `--b1\r\nc: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\ndj0w\r\n${END}`,
    `--b1\r\n\r\nno header\r\n${END}`,
    `--b1\r\nc: nonsense\r\n\r\nx\r\n${END}`,
    `--b1\r\n${END}`,
    `--b1\r\nc: application/sdp\r\n${END}`,
  ];
  for (const body of rows) deepEqual(replaceSdp(TYPE, body), { result: body, seen: [] });
});

Deno.test("replacePart() asks once even when the part is left as it is", () => {
  let calls = 0;
  const body = SDP_PART + SDP_PART + END;
  const replaced = replacePart(body, {
    contentType: TYPE,
    mediaType: "application/sdp",
    replace: () => {
      calls++;
      return undefined;
    },
  });
  deepEqual(replaced, { ok: true, value: body });
  equal(calls, 1);
});

Deno.test("replacePart() does not take a longer boundary for its own", () => {
  const body = `--b1\r\nc: application/sdp\r\n\r\n--b12\r\nx--b1\r\n${END}`;
  deepEqual(replaceSdp(TYPE, body).seen, ["--b12\r\nx--b1"]);
});

Deno.test("replacePart() says why a body is no multipart", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["application/sdp", "", 'Cannot split body: "application/sdp" is no multipart'],
    ["nonsense", "", 'Cannot parse Content-Type "nonsense": no type/subtype'],
    ["multipart/mixed", "", "Cannot split body: boundary must have 1 to 70 characters"],
    ["multipart/mixed;boundary=", "", "Cannot split body: boundary must have 1 to 70 characters"],
    [
      `multipart/mixed;boundary=${"b".repeat(71)}`,
      "",
      "Cannot split body: boundary must have 1 to 70 characters",
    ],
    [TYPE, "", "Cannot split body: no closing boundary"],
    [TYPE, SDP_PART, "Cannot split body: no closing boundary"],
    [TYPE, END, "Cannot split body: no closing boundary"],
    [TYPE, BINARY_PART.repeat(40) + END, "Cannot split body: more than 32 parts"],
  ];
  for (const [contentType, body, error] of rows) {
    deepEqual(replaceSdp(contentType, body), { result: error, seen: [] });
  }
});

/** Wraps an SDP part into so many multiparts with boundaries b1 (outermost), b2 … */
function nested(depth: number): string {
  let body = `--b${depth}\r\nc: application/sdp\r\n\r\nv=0\r\n--b${depth}--`;
  for (let level = depth - 1; level >= 1; level--) {
    const head = `c: multipart/mixed;boundary=b${level + 1}`;
    body = `--b${level}\r\n${head}\r\n\r\n${body}\r\n--b${level}--`;
  }
  return body;
}

Deno.test("replacePart() looks into three multiparts inside each other and no deeper", () => {
  deepEqual(replaceSdp(TYPE, nested(3)), {
    result: nested(3).replace("v=0", "NEW"),
    seen: ["v=0"],
  });
  deepEqual(replaceSdp(TYPE, nested(4)), {
    result: "Cannot split body: more than 3 multiparts inside each other",
    seen: [],
  });
});
