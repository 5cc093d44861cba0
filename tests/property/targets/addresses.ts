import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { formatNameAddr, parseNameAddr } from "../../../src/sip/name_addr.ts";
import {
  addressOfRecordKey,
  compareUris,
  formatUri,
  parseUri,
  sameAddressOfRecord,
  unescapeUri,
} from "../../../src/sip/uri.ts";
import { formatVia, parseVia, withViaParameter } from "../../../src/sip/via.ts";
import type { Dice } from "../dice.ts";
import { nameAddrText, uriText, viaText } from "../grammar.ts";
import { mutate } from "../mutate.ts";
import { broken, type Target } from "../target.ts";

function mutantOf(make: (dice: Dice) => string): (dice: Dice) => Uint8Array<ArrayBuffer> {
  return (dice) => encodeLatin1(dice.oneIn(4) ? make(dice) : mutate(make(dice), dice));
}

/** parseUri() and compareUris(): two URIs, one a line. */
export const URI: Target = {
  name: "uri",
  generate: mutantOf((dice) => `${uriText(dice)}\n${uriText(dice)}`),
  run(input): void {
    const [left = "", right = ""] = decodeLatin1(input).split("\n");
    const [first, second] = [parseUri(left), parseUri(right)];
    for (const uri of [first, second]) {
      if (!uri.ok) continue;
      if (!compareUris(uri.value, uri.value)) {
        broken("a URI is not equal to itself", uri.value.text);
      }
      if (uri.value.kind !== "sip") continue;
      const again = parseUri(formatUri(uri.value));
      if (!again.ok) broken(`a written URI does not parse: ${again.error}`, uri.value.text);
      if (!compareUris(uri.value, again.value)) broken("writing changes a URI", uri.value.text);
      unescapeUri(uri.value.text);
    }
    if (!first.ok || !second.ok) return;
    const forth = compareUris(first.value, second.value);
    if (forth !== compareUris(second.value, first.value)) {
      broken("comparing is not symmetric", `${left} ${right}`);
    }
    const sameKey = addressOfRecordKey(first.value) === addressOfRecordKey(second.value);
    if (sameAddressOfRecord(first.value, second.value) && !sameKey) {
      broken("one address of record has two keys", `${left} ${right}`);
    }
  },
};

/** parseNameAddr() and formatNameAddr(). */
export const NAME_ADDR: Target = {
  name: "name-addr",
  generate: mutantOf(nameAddrText),
  run(input): void {
    const parsed = parseNameAddr(decodeLatin1(input));
    if (!parsed.ok) return;
    const text = formatNameAddr(parsed.value);
    const again = parseNameAddr(text);
    if (!again.ok) broken(`a written address does not parse: ${again.error}`, text);
    if (again.value.uri.text !== parsed.value.uri.text) broken("writing changes the URI", text);
    if (formatNameAddr(again.value) !== text) broken("writing twice differs", text);
  },
};

/** parseVia(), formatVia() and the parameters that a proxy adds. */
export const VIA: Target = {
  name: "via",
  generate: mutantOf(viaText),
  run(input): void {
    const parsed = parseVia(decodeLatin1(input));
    if (!parsed.ok) return;
    const received = withViaParameter(parsed.value, { name: "received", value: "192.0.2.66" });
    const marked = withViaParameter(received, { name: "rport", value: "5099" });
    const again = parseVia(formatVia(marked));
    if (!again.ok) broken(`a written Via does not parse: ${again.error}`, formatVia(marked));
    if (again.value.rport !== 5099 || again.value.received !== "192.0.2.66") {
      broken("received or rport got lost", formatVia(marked));
    }
    if (again.value.branch !== parsed.value.branch) broken("branch changes", formatVia(marked));
  },
};
