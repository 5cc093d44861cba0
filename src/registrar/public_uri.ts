import { addressOfRecordKey, makeSipUri, type SipUri } from "../sip/uri.ts";
import type { Transport } from "../base/socket_address.ts";
import { DEFAULT_SIP_PORT } from "../dns/locate.ts";
import type { BindingTable } from "./binding_table.ts";

/** URI parameter that tells further phones of one public user apart; phones and providers have none of this name. */
export const TOKEN_PARAMETER = "spx";

/** Length of a token: 32 bits, so that a stranger finds no phone by trying. */
const TOKEN_DIGITS = 8;

/** Draws of a token before giving up: with 32 bits a second draw is next to never needed. */
const MAX_DRAWS = 8;

/** Where the outside reaches us. */
export interface PublicPlace {
  /** Host as a URI writes it: IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** Transport of the hop that will read the URI. */
  readonly transport: Transport;
}

/** A public URI and the token in it. */
export interface PublicUri {
  readonly uri: SipUri;
  readonly token: string | undefined;
}

/** Who wants a public URI. */
export interface PublicUriRequest {
  /** User part with its escapes. */
  readonly user: string | undefined;
  readonly place: PublicPlace;
  /** The phone it is for, which may keep what it has. */
  readonly bindingId: string;
  /** The token the phone had so far. */
  readonly token: string | undefined;
  readonly table: BindingTable;
  /** Ids and URIs given away by the same REGISTER. */
  readonly taken: readonly { readonly publicKey: string; readonly token: string | undefined }[];
  readonly randomHex: (digits: number) => string;
}

/**
 * Chooses a phone's public URI: the user at our public host, and a token when another phone has that already.
 *
 * @param request who wants it
 * @returns the URI that no other phone has
 */
export function choosePublicUri(request: PublicUriRequest): PublicUri {
  let chosen = buildPublicUri(request, request.token);
  for (let draw = 0; draw < MAX_DRAWS && isTaken(chosen, request); draw++) {
    chosen = buildPublicUri(request, request.randomHex(TOKEN_DIGITS));
  }
  return chosen;
}

function buildPublicUri(request: PublicUriRequest, token: string | undefined): PublicUri {
  const { host, port, transport } = request.place;
  const uri = makeSipUri({
    user: request.user,
    host,
    port: port === DEFAULT_SIP_PORT ? undefined : port,
    parameters: [
      ...(transport === "tcp" ? [{ name: "transport", value: "tcp" }] : []),
      ...(token === undefined ? [] : [{ name: TOKEN_PARAMETER, value: token }]),
    ],
  });
  return { uri, token };
}

function isTaken({ uri, token }: PublicUri, request: PublicUriRequest): boolean {
  const publicKey = addressOfRecordKey(uri);
  const { table, bindingId, taken } = request;
  const isOther = (other: { readonly bindingId: string; readonly token: string | undefined }) =>
    other.bindingId !== bindingId && other.token === token;
  return table.byPublicKey(publicKey).some(isOther) ||
    table.reservedByPublicKey(publicKey).some(isOther) ||
    taken.some((other) => other.publicKey === publicKey && other.token === token);
}
