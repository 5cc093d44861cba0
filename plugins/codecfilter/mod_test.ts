import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { examine, headerOf, PluginBench, request } from "../../tests/support/plugin_bench.ts";

const body = ["v=0", "o=phone 1 1 IN IP4 10.0.0.10", "s=-", "c=IN IP4 10.0.0.10", "t=0 0"].join(
  "\n",
);

function bench(words: readonly string[]): PluginBench {
  const lines = words.map((word) => `plugin_codecfilter_blacklist = ${word}`);
  const world = new PluginBench({
    config: ["load_plugin = plugin_codecfilter.la", ...lines].join("\n"),
  });
  world.registerAlice();
  return world;
}

function mediaLines(text: string | undefined): readonly string[] {
  return (text ?? "").split("\n").filter((line) => /^(m=|a=rtpmap|a=fmtp)/.test(line));
}

const offer =
  `${body}\nm=audio 4000 RTP/AVP 0 8 18\na=rtpmap:8 PCMA/8000\na=rtpmap:18 G729/8000\na=fmtp:18 annexb=no`;

Deno.test("row 81: codecfilter takes payloads and their lines out of an offer", () => {
  const step = bench(["PCMU", "g729"]).fromPhone(
    request("INVITE sip:bob@192.0.2.10:5070", { body: offer }),
  );
  const text = step.sent[0]?.text ?? "";
  deepStrictEqual(mediaLines(text), ["m=audio 7070 RTP/AVP 8", "a=rtpmap:8 PCMA/8000"]);
  const sent = text.slice(text.indexOf("\n\n") + 2).replaceAll("\n", "\r\n");
  strictEqual(headerOf(step, "Content-Length"), `${sent.length}`);
});

Deno.test("row 81: codecfilter takes payloads out of an answer", () => {
  const world = bench(["g729"]);
  const step = world.fromPhone(request("INVITE sip:bob@192.0.2.10:5070", { body: offer }));
  const copied = (step.sent[0]?.text ?? "").split("\n").filter((line) =>
    /^(Via|From|To|Call-ID|CSeq):/.test(line)
  );
  const answer = world.fromOutside([
    "SIP/2.0 200 OK",
    ...copied.map((line) => line.startsWith("To:") ? `${line};tag=b` : line),
    "Contact: <sip:bob@192.0.2.10:5070>",
    "Content-Type: application/sdp",
    "Content-Length: auto",
    "",
    offer.replaceAll("10.0.0.10", "192.0.2.10"),
  ].join("\n"));
  deepStrictEqual(mediaLines(answer.sent[0]?.text).slice(1), ["a=rtpmap:8 PCMA/8000"]);
});

Deno.test("codecfilter leaves bodies of other types alone", () => {
  const step = bench(["g729"]).fromPhone(
    request("MESSAGE sip:bob@192.0.2.10:5070", { body: offer })
      .replace("application/sdp", "text/plain"),
  );
  deepStrictEqual(mediaLines(step.sent[0]?.text)[0], "m=audio 4000 RTP/AVP 0 8 18");
});

Deno.test("codecfilter without words says that it does nothing", () => {
  strictEqual(examine("load_plugin = codecfilter").length, 1);
});
