import type { Side, SocketAddress, Transport } from "../base/socket_address.ts";
import type { CheckedRequest, CheckedResponse } from "../sip/check_message.ts";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "../sip/message.ts";

/** Which way a message goes: from a phone to the outside, or to a phone. */
export type Direction = "outgoing" | "incoming";

/** A packet as it came from a socket, before anything looked at it. */
export interface RawPacket {
  /** Valid during the call only; to be left unchanged. */
  readonly data: Uint8Array;
  /** Who sent it. */
  readonly source: SocketAddress;
  /** The network it came from. */
  readonly side: Side;
  /** What it came over. */
  readonly transport: Transport;
}

/** What requests and responses have in common. */
export interface EventCommon {
  /** Who sent it. */
  readonly source: SocketAddress;
  /** The network the message came from. */
  readonly side: Side;
  /** What it came over. */
  readonly transport: Transport;
  /** Undefined while it is not known, or when it cannot be found. */
  readonly direction: Direction | undefined;
  /** Where the message goes; undefined before it is decided. */
  readonly nextHop: SocketAddress | undefined;
}

/** A request on its way through the proxy. */
export interface RequestEvent extends EventCommon {
  /** The tag. */
  readonly kind: "request";
  /** As it will be forwarded, with the changes of earlier plugins. */
  readonly message: SipRequest;
  /** Its mandatory headers, decoded. */
  readonly checked: CheckedRequest;
}

/** A response on its way through the proxy. */
export interface ResponseEvent extends EventCommon {
  /** The tag. */
  readonly kind: "response";
  /** As it will be forwarded, with the changes of earlier plugins. */
  readonly message: SipResponse;
  /** Its mandatory headers, decoded. */
  readonly checked: CheckedResponse;
}

/** An answer of the daemon's own to a request: it was refused, challenged, or served here. */
export interface ReplyEvent {
  /** The tag. */
  readonly kind: "reply";
  /** What is answered. */
  readonly request: RequestEvent;
  /** The answer as it will be sent. */
  readonly message: SipResponse;
  /** Its To tag: unpredictable, and another one for each address that is answered. */
  readonly toTag: string | undefined;
}

/** Go on; the message stays as it is. */
export interface Proceed {
  /** The tag. */
  readonly kind: "continue";
}

/** Go on, with another message if one is given. */
export interface Continue<Message extends SipMessage> extends Proceed {
  /** A changed copy; the message as it is when left out. */
  readonly message?: Message;
}

/** The packet was the plugin's own and goes no further. */
export interface Consume {
  /** The tag. */
  readonly kind: "consume";
}

/** Stop in silence; the reason is counted. */
export interface Drop {
  /** The tag. */
  readonly kind: "drop";
  /** One word of the plugin's own, such as `blocked`; never text from the network. */
  readonly reason: string;
}

/** Answer the sender; an ACK is never answered but absorbed. */
export interface Reply {
  /** The tag. */
  readonly kind: "reply";
  /** 300 … 699. */
  readonly statusCode: number;
  /** Fields besides those that every answer has. */
  readonly headers?: readonly HeaderField[];
}

/** The phone that an incoming request is for. */
export interface PhoneTarget {
  /** `bindingId` of one of `PluginHost.registrations`. */
  readonly bindingId: string;
  /** `contact` writes the phone's own Contact into the Request-URI, `keep` leaves what was dialled. */
  readonly requestUri: "contact" | "keep";
}

/** Go on, with another message, direction, phone or next hop where given. */
export interface Steer extends Continue<SipRequest> {
  /** Which way it goes. */
  readonly direction?: Direction;
  /** The phone it is for. */
  readonly phone?: PhoneTarget;
  /** Where it is sent. */
  readonly nextHop?: SocketAddress;
}

/** What to do with a request of unknown direction. */
export interface Target {
  /** The tag. */
  readonly kind: "target";
  /** Which way it goes. */
  readonly direction: Direction;
  /** The phone it is for. */
  readonly phone?: PhoneTarget;
  /** Where it is sent. */
  readonly nextHop?: SocketAddress;
}

/**
 * What a plugin does, by siproxd's stages; what a hook may say is in its type.
 *
 * Hooks are called in load order and must not wait. A message whose name look-up was under way is run again from the
 * start, and what a hook asked for in the first run is forgotten: keep state that counts in `postProxy`.
 */
export interface PluginHooks {
  /** About twice a second. */
  readonly onTimer?: () => void;
  /** An operator asked for statistics (SIGUSR1). */
  readonly onStatistics?: () => void;
  /** Any packet, before access lists and parsing. */
  readonly processRaw?: (packet: RawPacket) => Proceed | Consume;
  /** A request that is well formed. */
  readonly validate?: (request: RequestEvent) => Proceed | Drop | Reply;
  /** A response that is well formed. */
  readonly validateResponse?: (response: ResponseEvent) => Proceed | Drop;
  /** A request after Max-Forwards and loop checks, before the registrar and before its direction is decided. */
  readonly determineTarget?: (request: RequestEvent) => Continue<SipRequest> | Drop | Reply;
  /** A response, before it is matched to its request. */
  readonly determineTargetResponse?: (response: ResponseEvent) => Continue<SipResponse> | Drop;
  /** A request whose direction is decided, before anything is rewritten. */
  readonly preProxy?: (request: RequestEvent) => Steer;
  /** A response before anything is rewritten, our own Via still on top. */
  readonly preProxyResponse?: (response: ResponseEvent) => Continue<SipResponse>;
  /** A request that nobody here is known for. */
  readonly proxyUnknown?: (request: RequestEvent) => Proceed | Target | Drop | Reply;
  /** A request just before it is sent. */
  readonly postProxy?: (request: RequestEvent) => Continue<SipRequest>;
  /** A response just before it is sent. */
  readonly postProxyResponse?: (response: ResponseEvent) => Continue<SipResponse>;
  /** An answer of the daemon's own, just before it is sent; it can be seen only. */
  readonly ownReply?: (reply: ReplyEvent) => void;
  /** The daemon ends. */
  readonly dispose?: () => void;
}

/** Names of the hooks. */
export type HookName = keyof PluginHooks;

/** Every verdict of a message hook. */
export type MessageVerdict =
  | Proceed
  | Continue<SipRequest>
  | Continue<SipResponse>
  | Steer
  | Target
  | Drop
  | Reply;

/** Nothing to do: the verdict that most hooks return most of the time. */
export const CONTINUE: Proceed = Object.freeze({ kind: "continue" });
