import type { PluginHost } from "../../src/plugin/api.ts";
import { isPrivateHost } from "./private_host.ts";

/** Masks end like this, in a top-level domain that can never exist (RFC 2606 §2). */
const MASK_END = ".anonymous.invalid";

/** Digits of a mask: 64 bits, so that nobody outside can guess one. */
const MASK_DIGITS = 16;

/** Hosts that have a mask: as many as a plugin may store, and more than a site has phones. */
const MAX_HOSTS = 250;

/** The parts of the host that masks need. */
export type MaskHost = Pick<PluginHost, "randomHex" | "store">;

/** Private hosts of Call-IDs and the random names that stand for them outside; they survive a restart. */
export class MaskedHosts {
  readonly #host: MaskHost;
  readonly #masks = new Map<string, string>();
  readonly #hosts = new Map<string, string>();

  constructor(host: MaskHost) {
    this.#host = host;
    for (const mask of host.store.keys()) {
      const privateHost = host.store.get(mask);
      if (privateHost !== undefined && mask.endsWith(MASK_END)) this.#remember(privateHost, mask);
    }
  }

  /** Puts a mask in the place of a private host behind the `@` of a Call-ID. */
  hide(callId: string): string {
    const at = callId.indexOf("@");
    const privateHost = callId.slice(at + 1);
    if (at < 0 || !isPrivateHost(privateHost)) return callId;
    const mask = this.#maskOf(privateHost);
    return mask === undefined ? callId : `${callId.slice(0, at)}@${mask}`;
  }

  /** Puts the private host back; anything that carries no mask of ours stays. */
  restore(callId: string): string {
    if (!callId.endsWith(MASK_END)) return callId;
    const at = callId.indexOf("@");
    const privateHost = this.#hosts.get(callId.slice(at + 1));
    return at < 0 || privateHost === undefined ? callId : `${callId.slice(0, at)}@${privateHost}`;
  }

  #maskOf(privateHost: string): string | undefined {
    const known = this.#masks.get(privateHost);
    if (known !== undefined) return known;
    if (this.#masks.size >= MAX_HOSTS) return undefined;
    const mask = `${this.#host.randomHex(MASK_DIGITS)}${MASK_END}`;
    if (!this.#host.store.set(mask, privateHost)) return undefined;
    this.#remember(privateHost, mask);
    return mask;
  }

  #remember(privateHost: string, mask: string): void {
    this.#masks.set(privateHost, mask);
    this.#hosts.set(mask, privateHost);
  }
}
