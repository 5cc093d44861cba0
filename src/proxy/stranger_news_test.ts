import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../tests/support/address.ts";
import { type Silence, StrangerNews } from "./stranger_news.ts";

/** Notes and asks in the order of the proxy: the line first, then the note; gives the text of the line. */
function meet(
  news: StrangerNews,
  seen: { readonly source: string; readonly nowMs: number; readonly silence?: Silence },
): string | undefined {
  const { source, nowMs, silence = "rate-limited" } = seen;
  const line = news.line(ip(source), { silence, nowMs });
  news.note(ip(source), nowMs);
  return line?.text;
}

Deno.test("StrangerNews.line() names a stranger once", () => {
  const news = new StrangerNews();
  const line = news.line(ip("203.0.113.66"), { silence: "rate-limited", nowMs: 0 });
  deepStrictEqual(line, {
    level: "warning",
    component: "sip",
    event: "sip.stranger",
    text: "Unknown sender 203.0.113.66: no answer any more, " +
      "more requests a second that nobody here wants than are answered",
    fields: { source: "203.0.113.66", reason: "rate-limited" },
  });
  news.note(ip("203.0.113.66"), 0);
  strictEqual(meet(news, { source: "203.0.113.66", nowMs: 1 }), undefined);
});

Deno.test("StrangerNews.line() has a text of its own for strangers that wan_peers keeps out", () => {
  const text = meet(new StrangerNews(), { source: "2001:db8::66", nowMs: 0, silence: "stranger" });
  strictEqual(
    text,
    "Unknown sender [2001:db8::66]: no answer any more, " +
      "neither registrar, proxy, trunk nor party to a dialog",
  );
});

Deno.test("StrangerNews.line() is silent as long as the scan goes on, and a minute longer", () => {
  const news = new StrangerNews();
  for (let seconds = 0; seconds <= 300; seconds += 30) {
    const text = meet(news, { source: "203.0.113.66", nowMs: seconds * 1000 });
    strictEqual(text === undefined, seconds > 0, `${seconds} s`);
  }
  const again = meet(news, { source: "203.0.113.66", nowMs: 360_000 });
  strictEqual(again?.startsWith("Unknown sender 203.0.113.66"), true);
});

Deno.test("StrangerNews.line() names ten senders and has one line for all the others", () => {
  const news = new StrangerNews();
  const lines: string[] = [];
  for (let n = 1; n <= 250; n++) {
    const text = meet(news, { source: `198.51.100.${n}`, nowMs: n });
    if (text !== undefined) lines.push(text.split(":")[0] ?? "");
  }
  strictEqual(lines.length, 11);
  deepStrictEqual(lines.slice(9), ["Unknown sender 198.51.100.10", "Many unknown senders"]);
});

Deno.test("StrangerNews.line() tells of many again after a minute of calm", () => {
  const news = new StrangerNews();
  for (let n = 1; n <= 20; n++) meet(news, { source: `198.51.100.${n}`, nowMs: 0 });
  for (let n = 21; n <= 29; n++) meet(news, { source: `198.51.100.${n}`, nowMs: 59_999 });
  strictEqual(meet(news, { source: "198.51.100.30", nowMs: 60_000 }) !== undefined, true);
});
