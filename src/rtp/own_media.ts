import type { ShownAddresses } from "../base/side_addresses.ts";
import type { MediaShare } from "./media_share.ts";

/** Own addresses and media ports, by which an announcement of ourselves is told. */
export interface OwnMediaAddresses extends ShownAddresses {
  /** rtp_port_low. */
  readonly portLow: number;
  /** Highest RTCP port. */
  readonly portHigh: number;
  /** Which of the ports are this isolate's, where several relay. */
  readonly share?: MediaShare;
}
