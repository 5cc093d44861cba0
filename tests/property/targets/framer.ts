import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { StreamFramer } from "../../../src/sip/stream_framer.ts";
import { Dice } from "../dice.ts";
import { anyMessage } from "./message.ts";
import { broken, type Target } from "../target.ts";

/** The stream framer: the same messages come out, however the octets are cut. */
export const FRAMER: Target = {
  name: "framer",
  generate(dice) {
    const pause = () => dice.pick(["", "", "\r\n", "\r\n\r\n", "\n", "\r"]);
    const pieces = dice.times(dice.between(1, 4), () => anyMessage(dice) + pause());
    return encodeLatin1(pieces.join(""));
  },
  run(input): void {
    const whole = framed([input]);
    const dice = new Dice(input.length);
    for (const most of [1, 7, 300]) {
      const cut = framed(cutUp(input, { dice, most }));
      if (cut !== whole) broken(`cut to pieces of at most ${most} it frames differently`, cut);
    }
  },
};

function cutUp(
  octets: Uint8Array,
  how: { readonly dice: Dice; readonly most: number },
): readonly Uint8Array[] {
  const cuts: Uint8Array[] = [];
  for (let at = 0; at < octets.length;) {
    const lengthBytes = how.dice.between(1, how.most);
    cuts.push(octets.slice(at, at + lengthBytes));
    at += lengthBytes;
  }
  return cuts;
}

/** Messages and the end of the stream; how many keep-alives are told apart may depend on the cuts. */
function framed(reads: readonly Uint8Array[]): string {
  const framer = new StreamFramer();
  const events = reads.flatMap((read) => framer.push(read));
  return events.flatMap((event) => {
    if (event.kind === "message") return [`message ${decodeLatin1(event.data)}`];
    return event.kind === "error" ? ["error"] : [];
  }).join("\n");
}
