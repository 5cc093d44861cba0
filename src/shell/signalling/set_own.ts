import type { OwnAddresses } from "../../proxy/env.ts";
import type { LiveEnv } from "./live_env.ts";
import type { MediaLink } from "./media_link.ts";

/**
 * Takes other addresses of ours. Both isolates must know the one that the outside is told: this one writes it, the other
 * knows a call by it that came back.
 *
 * @param parts where they are kept, and the way to the media isolate
 * @param own our addresses from now on
 */
export function setOwn(
  parts: { readonly env: LiveEnv; readonly media: MediaLink },
  own: OwnAddresses,
): void {
  parts.env.own = Object.freeze(own);
  parts.media.advertise(own.advertised);
}
