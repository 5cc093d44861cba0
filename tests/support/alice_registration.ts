import type { CoreWorld } from "./core_world.ts";
import { requestText } from "./phone_world.ts";

/** What is bound: account, phone's Contact, what the outside sees, seconds left. */
export function boundIn(world: CoreWorld): readonly (readonly (string | number)[])[] {
  return world.state.bindings.all().map((binding) => [
    binding.addressOfRecord,
    binding.contactUri,
    binding.publicUri,
    Math.round((binding.expiresAtMs - world.nowMs) / 1000),
  ]);
}

/** What {@linkcode boundIn} says of Alice once her REGISTER was answered. */
export const ALICE_BOUND: readonly [string, string, string, number] = [
  "alice@192.0.2.10",
  "sip:alice@10.0.0.10:5062;line=abc",
  "sip:alice@192.0.2.1",
  120,
];

/** Where a REGISTER of Alice differs from the usual one. */
export interface RegisterParts {
  readonly cseq?: number;
  readonly contacts?: readonly string[];
  readonly headers?: readonly string[];
  readonly uri?: string;
}

/** Writes a REGISTER of Alice. */
export function registerOf(parts: RegisterParts = {}): string {
  const { cseq = 2, contacts = ["<sip:alice@10.0.0.10:5062;line=abc>;expires=120"], headers = [] } =
    parts;
  return requestText({
    method: "REGISTER",
    uri: parts.uri ?? "sip:192.0.2.10:5070",
    cseq,
    callId: "reg-alice",
    from: "<sip:alice@192.0.2.10>;tag=ra",
    to: "<sip:alice@192.0.2.10>",
    via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKr${cseq}`,
    headers: [...contacts.map((contact) => `Contact: ${contact}`), ...headers],
  });
}
