import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isNotPermitted, type NftAnswer, NftAnswerReader, sentinelLine } from "./answer_reader.ts";

/** What nft 1.0.6 wrote, byte for byte: a line obeyed, two refused, one of them by the kernel, and one obeyed. */
const TRANSCRIPT = "Error: syntax error, unexpected !, expecting string\n" +
  "sync1!\n     ^\n" +
  "Error: Service out of range\n" +
  "add element inet siproxd_77 live4 { 1.2.3.4 . 1, 1.2.3.4 . 999999 }\n" +
  "                                                           ^^^^^^\n" +
  "Error: syntax error, unexpected !, expecting string\n" +
  "sync2!\n     ^\n" +
  "Error: Could not process rule: No such file or directory\n" +
  "delete element inet siproxd_1 live { 203.0.113.1 . 7078 }\n" +
  "                                     ^^^^^^^^^^^^^^^^^^\n" +
  "Error: syntax error, unexpected !, expecting string\n" +
  "sync3!\n     ^\n" +
  "Error: syntax error, unexpected !, expecting string\n" +
  "sync4!\n     ^\n";

const ANSWERS: readonly NftAnswer[] = [
  { serial: 1, problems: [] },
  { serial: 2, problems: ["Error: Service out of range"] },
  { serial: 3, problems: ["Error: Could not process rule: No such file or directory"] },
  { serial: 4, problems: [] },
];

function read(pieces: readonly string[]): readonly NftAnswer[] {
  const reader = new NftAnswerReader();
  return pieces.flatMap((piece) => reader.feed(piece));
}

Deno.test("NftAnswerReader reads a whole transcript", () => {
  deepStrictEqual(read([TRANSCRIPT]), ANSWERS);
});

Deno.test("NftAnswerReader reads a transcript that is split at any byte", () => {
  for (let at = 0; at <= TRANSCRIPT.length; at++) {
    deepStrictEqual(read([TRANSCRIPT.slice(0, at), TRANSCRIPT.slice(at)]), ANSWERS, `at ${at}`);
  }
});

Deno.test("NftAnswerReader reads a transcript byte by byte", () => {
  deepStrictEqual(read([...TRANSCRIPT]), ANSWERS);
});

Deno.test("NftAnswerReader keeps what nft says without the right to change anything", () => {
  const text = "Operation not permitted (you must be root)\n" +
    "netlink: Error: cache initialization failed: Operation not permitted\n" +
    `Error: syntax error, unexpected !, expecting string\n${sentinelLine(7)}\n     ^\n`;
  const [answer] = read([text]);
  deepStrictEqual(answer, {
    serial: 7,
    problems: [
      "Operation not permitted (you must be root)",
      "netlink: Error: cache initialization failed: Operation not permitted",
    ],
  });
  strictEqual(isNotPermitted(answer?.problems.join("; ") ?? ""), true);
});

Deno.test("NftAnswerReader keeps eight problems and short lines of a flood", () => {
  const flood = Array.from({ length: 1000 }, (_, index) => `Error: ${index} ${"x".repeat(1000)}\n`);
  const [answer] = read([...flood, "Error: syntax error\nsync1!\n"]);
  strictEqual(answer?.problems.length, 7);
  strictEqual(answer?.problems[0], `Error: 0 ${"x".repeat(291)}…`);
});

Deno.test("NftAnswerReader.lastWords is what belongs to no answer", () => {
  const reader = new NftAnswerReader();
  reader.feed(TRANSCRIPT);
  strictEqual(reader.lastWords, "");
  reader.feed("Error: interactive CLI not supported\nand no more");
  strictEqual(reader.lastWords, "Error: interactive CLI not supported; and no more");
});

Deno.test("isNotPermitted() is false for other failures", () => {
  strictEqual(isNotPermitted("Error: Could not process rule: File exists"), false);
});
