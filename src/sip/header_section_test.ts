import { deepEqual, equal } from "node:assert/strict";
import { forbiddenAt, scanHeaderSection } from "./header_section.ts";

Deno.test("scanHeaderSection() keeps name, value and line of each field", () => {
  const text = "Via: a\r\nX-Y :\t b c \r\ns:\r\n\r\nbody";
  deepEqual(scanHeaderSection(text, 0), {
    headers: [
      { key: "via", name: "Via", value: "a", line: "Via: a" },
      { key: "x-y", name: "X-Y", value: "b c", line: "X-Y :\t b c " },
      { key: "subject", name: "s", value: "", line: "s:" },
    ],
    bodyStart: text.length - 4,
    end: "empty-line",
    problem: undefined,
  });
});

Deno.test("scanHeaderSection() unfolds the value and keeps the folded line", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["A: b\r\n  c", "b c", "A: b\r\n  c"],
    ["A:\r\n b", "b", "A:\r\n b"],
    ["A :\r\n\tb \r\n c", "b c", "A :\r\n\tb \r\n c"],
    ["A: b\n c", "b c", "A: b\r\n c"],
    ["A: b\r\n c\n d", "b c d", "A: b\r\n c\r\n d"],
    ["A: b\r\n ", "b", "A: b\r\n "],
    ["A: x\r\n B: y", "x B: y", "A: x\r\n B: y"],
  ];
  for (const [raw, value, line] of rows) {
    const section = scanHeaderSection(`${raw}\r\n\r\n`, 0);
    deepEqual(section.headers, [{ key: "accept-contact", name: "A", value, line }]);
    equal(section.problem, undefined);
  }
});

Deno.test("scanHeaderSection() takes LF and CRLF line ends, mixed", () => {
  const section = scanHeaderSection("a: 1\nb: 2\r\n\nbody", 0);
  deepEqual(section.headers.map((field) => field.line), ["a: 1", "b: 2"]);
  equal(section.bodyStart, 12);
});

Deno.test("scanHeaderSection() does not take a body that begins with a blank for a fold", () => {
  const section = scanHeaderSection("a: 1\r\n\r\n body", 0);
  deepEqual(section.headers.map((field) => field.value), ["1"]);
  equal(section.bodyStart, 8);
});

Deno.test("scanHeaderSection() begins at the offset given", () => {
  const section = scanHeaderSection("xxxx\r\na: 1\r\n\r\n", 6);
  deepEqual(section.headers.map((field) => field.line), ["a: 1"]);
  equal(section.bodyStart, 14);
});

Deno.test("scanHeaderSection() says when the empty line is missing", () => {
  deepEqual(scanHeaderSection("a: 1\r\n", 0), {
    headers: [{ key: "accept-contact", name: "a", value: "1", line: "a: 1" }],
    bodyStart: 6,
    end: "end-of-text",
    problem: undefined,
  });
});

Deno.test("scanHeaderSection() names the first problem and keeps the good fields", () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "Via: a\r\nnonsense\r\nTo: b\r\n\r\n",
      "Cannot parse header field: missing name or colon at offset 8",
      ["Via: a", "To: b"],
    ],
    [
      ": a\r\nTo: b\r\n\r\n",
      "Cannot parse header field: missing name or colon at offset 0",
      ["To: b"],
    ],
    [
      "X Y: a\r\nTo: b\r\n\r\n",
      "Cannot parse header field: missing name or colon at offset 0",
      ["To: b"],
    ],
    [
      "\tfold: a\r\nTo: b\r\n\r\n",
      "Cannot parse header field: missing name or colon at offset 0",
      ["To: b"],
    ],
    ["To: b\r\nVia", "Cannot parse header section: last line has no line end", ["To: b"]],
    ["To: b\r\nX\n: 1\r\n\r\n", "Cannot parse header field: missing name or colon at offset 7", [
      "To: b",
    ]],
    ["To: b\r\nX: a\rb\r\n\r\n", "Cannot parse header section: bare CR at offset 11", ["To: b"]],
    ["To: b\r\nX: a\0b\r\n\r\n", "Cannot parse header section: NUL at offset 11", ["To: b"]],
    [
      `X: ${"a".repeat(8190)}\r\nTo: b\r\n\r\n`,
      "Cannot parse header field: longer than 8192 octets",
      ["To: b"],
    ],
  ];
  for (const [text, problem, lines] of rows) {
    const section = scanHeaderSection(text, 0);
    equal(section.problem, problem);
    deepEqual(section.headers.map((field) => field.line), lines);
  }
});

Deno.test("scanHeaderSection() counts folds into the length of a line", () => {
  const folded = `X: ${"\r\n a".repeat(2048)}`;
  equal(
    scanHeaderSection(`${folded}\r\n\r\n`, 0).problem,
    "Cannot parse header field: longer than 8192 octets",
  );
  const longest = `X: ${"a".repeat(8189)}`;
  equal(scanHeaderSection(`${longest}\r\n\r\n`, 0).problem, undefined);
});

Deno.test("scanHeaderSection() stops after 256 fields", () => {
  const most = "X: y\r\n".repeat(256);
  const full = scanHeaderSection(`${most}\r\n`, 0);
  equal(full.headers.length, 256);
  equal(full.problem, undefined);
  const over = scanHeaderSection(`${most}X: y\r\n\r\n`, 0);
  equal(over.headers.length, 256);
  equal(over.problem, "Cannot parse header section: more than 256 header fields");
});

Deno.test("scanHeaderSection() counts unreadable fields too", () => {
  const section = scanHeaderSection(`${"junk\r\n".repeat(255)}To: b\r\nVia: a\r\n\r\n`, 0);
  deepEqual(section.headers.map((field) => field.line), ["To: b"]);
  equal(section.problem, "Cannot parse header field: missing name or colon at offset 0");
  equal(section.end, "end-of-text");
});

Deno.test("forbiddenAt() finds bare CR and unquoted NUL", () => {
  const rows: readonly (readonly [string, number])[] = [
    ["a\r\nb", -1],
    ["a\rb", 1],
    ["a\r\r\n", 1],
    ["a\r", 1],
    ["a\0", 1],
    ["\0", 0],
    ['"\\\0"', -1],
    ['"\\\0\0"', 3],
    ["a\nb", -1],
    ["", -1],
  ];
  for (const [text, at] of rows) equal(forbiddenAt(text), at, JSON.stringify(text));
});
