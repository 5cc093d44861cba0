import type { Config } from "../../config/config.ts";
import type { Counters } from "../../metrics/counters.ts";
import type { ProxyState } from "../../proxy/state.ts";
import type { Journal } from "./journal.ts";
import { keptPeers } from "../transport/kept_peers.ts";
import type { SenderWatch } from "./sender_watch.ts";
import type { SipLoop } from "./sip_loop.ts";
import { SipTransports } from "./sip_transports.ts";
import { type TcpOptions, TcpTransport } from "../transport/tcp_transport.ts";
import { UdpTransport } from "../transport/udp_transport.ts";
import type { UnreachablePeers } from "./unreachable_peers.ts";

/** What the transports of a signalling isolate work with. */
export interface TransportOwner {
  readonly config: Config;
  readonly nowMs: () => number;
  readonly state: ProxyState;
  readonly counters: Counters;
  readonly journal: Journal;
  readonly unreachable: UnreachablePeers;
  /** What stands before the loop, and the loop itself; both are made after the transports. */
  readonly senders: () => SenderWatch;
  readonly loop: () => SipLoop;
}

/**
 * Makes both transports of a signalling isolate, closed as yet.
 *
 * @param owner where messages, failures and log lines go
 * @returns UDP and TCP as one, and TCP alone
 */
export function makeTransports(
  owner: TransportOwner,
): { readonly transport: SipTransports; readonly tcp: TcpTransport } {
  const { config, nowMs, state, counters, journal, unreachable, senders, loop } = owner;
  const port = config.sip.listenPort;
  const udp = new UdpTransport({ port }, {
    onDatagram: (data, arrival) => senders().take({ data, ...arrival, connectionId: undefined }),
    onSendFailed: (reason, peer) => {
      counters.add("sip_send_failed", { reason });
      if (reason === "unreachable") unreachable.note(peer, nowMs());
    },
    onOpen: () => unreachable.clear(),
    onLog: (event) => journal.log(event),
  });
  const keep = () => keptPeers(state.bindings);
  const manners: TcpOptions["manners"] = {
    answersPings: (peer, point) => senders().mayHearUs(peer, point),
    restMs: (peer, point) => senders().restMs(peer, point),
  };
  const options = { port, config: config.sip.tcp, now: nowMs, keptPeers: keep, manners };
  const tcp = new TcpTransport(options, {
    onMessage: (input) => senders().take(input),
    onUndelivered: (parcel, reason) => {
      counters.add("sip_send_failed", { reason: `tcp-${reason}` });
      loop().undelivered({ ...parcel, reason });
    },
    onClosed: (reason) => counters.add("sip_stream_closed", { reason }),
    onLog: (event) => journal.log(event),
  });
  return { transport: new SipTransports(udp, tcp), tcp };
}
