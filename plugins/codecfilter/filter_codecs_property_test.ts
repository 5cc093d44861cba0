import { strictEqual } from "node:assert/strict";
import { Dice } from "../../tests/property/dice.ts";
import { countWork } from "../../tests/property/count_work.ts";
import { createCodecFilter, filterCodecs } from "./filter_codecs.ts";

/** Bodies of one run; a round takes well under a second. */
const ROUNDS = 3000;

const SEED = 20261124;

const NAMES = ["PCMU/8000", "g729/8000", "G729A/8000", "opus/48000/2", "telephone-event/8000"];
const WORDS = ["g729", "pcm", "opus", "rtx", "h26", "telephone", "cn", "/8000", "g7", "rtx /9"];
const PAYLOADS = ["0", "8", "18", "9", "13", "34", "96", "97", "101", "*", "018"];
const ENDINGS = ["\r\n", "\r\n", "\n", "\r", "\r\r\n", ""];

function mediaLine(dice: Dice): string {
  const media = dice.pick(["audio", "video", "image", "m="]);
  const protocol = dice.pick(["RTP/AVP", "RTP/SAVPF", "rtp/avp", "udptl", "UDP/TLS/RTP/SAVPF"]);
  const gap = dice.pick([" ", " ", "  ", "\t"]);
  const formats = dice.times(dice.below(6), () => dice.pick(PAYLOADS));
  return `m=${[media, "4000", protocol, ...formats].join(gap)}${dice.pick(["", "", " ", "\t"])}`;
}

function attribute(dice: Dice): string {
  const payload = dice.pick(PAYLOADS);
  const gap = dice.pick([" ", " ", "   ", "\t"]);
  switch (dice.below(5)) {
    case 0:
      return `a=rtpmap:${payload}${gap}${dice.pick([...NAMES, "rtx/90000", "rtx  /90000", ""])}`;
    case 1:
      return `a=fmtp:${payload}${gap}apt=${dice.pick(PAYLOADS)}`;
    case 2:
      return `a=fmtp:${payload}${gap}${dice.pick(["annexb=no", "x;apt=18", "0-15", "xapt=18"])}`;
    case 3:
      return `a=rtcp-fb:${payload}${gap}nack pli`;
    default:
      return dice.pick(["a=sendrecv", "i=m=audio 1 RTP/AVP 18", "s=G729", "", "a=x m=", "m="]);
  }
}

function bodyOf(dice: Dice): string {
  const lines = dice.times(dice.below(12), () => dice.oneIn(3) ? mediaLine(dice) : attribute(dice));
  return lines.map((line) => `${line}${dice.oneIn(4) ? dice.pick(ENDINGS) : "\r\n"}`).join("");
}

Deno.test("createCodecFilter() takes out what filterCodecs() does, whatever the body", () => {
  const dice = new Dice(SEED);
  let changed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const words = dice.times(1 + dice.below(2), () => dice.pick(WORDS));
    const body = bodyOf(dice);
    const filtered = filterCodecs(body, words);
    if (filtered !== body) changed++;
    strictEqual(createCodecFilter(words)(body), filtered, JSON.stringify({ round, words, body }));
  }
  // A run in which nearly nothing is taken out would prove nothing.
  strictEqual(changed > ROUNDS / 10, true);
});

Deno.test("filterCodecs() leaves no media line without a format that had one", () => {
  const dice = new Dice(SEED + 1);
  const emptied = (body: string) =>
    body.split("\n").filter((line) => /^m=\S+ +\S+ +\S+ *\r*$/.test(line)).length;
  for (let round = 0; round < ROUNDS; round++) {
    // RFC 8866 §9: one blank between the fields and no CR but before LF.
    const body = bodyOf(dice).replaceAll(/\r+\n?/g, "\r\n").replaceAll("\t", " ");
    const filtered = filterCodecs(body, [dice.pick(WORDS)]);
    strictEqual(emptied(filtered), emptied(body), JSON.stringify({ round, body }));
  }
});

const UNITS = ["m=", "m= ", "m=audio 4 RTP/AVP 18 0\r\n", "18 ", "a=fmtp:97 apt=18;", "\n", "\r"];

for (const unit of UNITS) {
  Deno.test(`createCodecFilter() looks at each octet of ${JSON.stringify(unit)} a bounded number of times (R12)`, () => {
    const filter = createCodecFilter(["g729", "opus"]);
    const workOf = (lengthBytes: number) => {
      const body = `m=audio 4000 RTP/AVP 0 ${unit.repeat(lengthBytes / unit.length)}`;
      return countWork(() => void filter(body));
    };
    const [few, many] = [workOf(8_192), workOf(32_768)];
    strictEqual(many < few * 4.6 + 32_768, true, `${few} then ${many}`);
  });
}
