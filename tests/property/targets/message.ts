import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { checkMessage } from "../../../src/sip/check_message.ts";
import { headerValue, listValues } from "../../../src/sip/headers.ts";
import { forbiddenAt } from "../../../src/sip/header_section.ts";
import type { SipMessage } from "../../../src/sip/message.ts";
import { parseMessage } from "../../../src/sip/parse_message.ts";
import { buildMalformedResponse, buildResponse } from "../../../src/sip/respond.ts";
import { parseRoutes } from "../../../src/sip/route.ts";
import { serializeMessage } from "../../../src/sip/serialize_message.ts";
import type { Dice } from "../dice.ts";
import { requestText, responseText } from "../grammar.ts";
import { mutate } from "../mutate.ts";
import { sipSeeds } from "../seeds.ts";
import { broken, type Target } from "../target.ts";

const SEEDS = sipSeeds();

/** A message of the grammar or of the fixtures, most often with a few changes. */
export function anyMessage(dice: Dice): string {
  const made = dice.oneIn(3)
    ? dice.pick(SEEDS)
    : dice.oneIn(3)
    ? responseText(dice)
    : requestText(dice);
  return dice.oneIn(4) ? made : mutate(made, dice);
}

/** parseMessage() and checkMessage(), the readers behind them, and the answers built from what is left. */
export const MESSAGE: Target = {
  name: "message",
  generate: (dice) => encodeLatin1(anyMessage(dice)),
  run(input): void {
    for (const framing of ["datagram", "stream"] as const) {
      const parsed = parseMessage(input, framing);
      if (parsed.ok) readAll(parsed.value);
      else if (parsed.error.partial !== undefined) {
        const { partial, statusCode } = parsed.error;
        const answer = buildMalformedResponse(partial, { statusCode, toTag: "t" });
        if (answer.ok) expectClean(answer.value);
      }
    }
  },
};

function readAll(message: SipMessage): void {
  const checked = checkMessage(message);
  for (const key of ["route", "record-route", "path", "service-route"] as const) {
    parseRoutes(message, key);
  }
  for (const field of message.headers) listValues(message, field.key);
  headerValue(message, "content-type");
  if (checked.ok && message.kind === "request") {
    expectClean(buildResponse(message, { statusCode: 480, toTag: "t" }));
  }
}

function expectClean(message: SipMessage): void {
  const text = decodeLatin1(serializeMessage(message));
  const head = text.slice(0, text.indexOf("\r\n\r\n"));
  if (forbiddenAt(head) >= 0) broken("bare CR or NUL in an output field", head);
}

/** serializeMessage() of what was parsed: the same fields again, and byte for byte a second time. */
export const ROUND_TRIP: Target = {
  name: "round-trip",
  generate: MESSAGE.generate,
  run(input): void {
    const first = parseMessage(input, "datagram");
    if (!first.ok) return;
    const wire = serializeMessage(first.value);
    const second = parseMessage(wire, "datagram");
    if (!second.ok) broken(`output does not parse: ${second.error.reason}`, decodeLatin1(wire));
    const lines = (message: SipMessage) =>
      [message.startLine, ...message.headers.map(({ line }) => line), message.body].join("\n");
    if (lines(first.value) !== lines(second.value)) broken("output differs", lines(second.value));
    if (decodeLatin1(serializeMessage(second.value)) !== decodeLatin1(wire)) {
      broken("second output differs", decodeLatin1(wire));
    }
  },
};
