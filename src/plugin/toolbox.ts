import {
  getHeaders,
  headerValue,
  listValues,
  makeHeader,
  removeHeaders,
  setHeader,
  withBody,
  withRequestUri,
} from "../sip/headers.ts";
import { formatNameAddr, parseNameAddr } from "../sip/name_addr.ts";
import { escapeUriUser, makeSipUri, parseUri, uriParameter, withUriParameter } from "../sip/uri.ts";

/** Functions on messages and URIs; the same that built-in plugins import from src/sip. */
export interface SipToolbox {
  /** All header fields of a key. */
  readonly getHeaders: typeof getHeaders;
  /** Value of the first header field of a key. */
  readonly headerValue: typeof headerValue;
  /** Elements of a list header over all its lines. */
  readonly listValues: typeof listValues;
  /** Makes a header field. */
  readonly makeHeader: typeof makeHeader;
  /** A copy without a header. */
  readonly removeHeaders: typeof removeHeaders;
  /** A copy with a header set. */
  readonly setHeader: typeof setHeader;
  /** A copy with another body, its Content-Length with it. */
  readonly withBody: typeof withBody;
  /** A copy with another Request-URI. */
  readonly withRequestUri: typeof withRequestUri;
  /** Writes a From, To or Contact value. */
  readonly formatNameAddr: typeof formatNameAddr;
  /** Reads a From, To or Contact value. */
  readonly parseNameAddr: typeof parseNameAddr;
  /** Escapes what may not stand in the user part of a URI. */
  readonly escapeUriUser: typeof escapeUriUser;
  /** Makes a SIP URI. */
  readonly makeSipUri: typeof makeSipUri;
  /** Reads a URI. */
  readonly parseUri: typeof parseUri;
  /** Value of a parameter of a SIP URI. */
  readonly uriParameter: typeof uriParameter;
  /** A copy of a SIP URI with a parameter set. */
  readonly withUriParameter: typeof withUriParameter;
}

/** The toolbox that every plugin gets as `host.sip`. */
export const SIP_TOOLBOX: SipToolbox = Object.freeze({
  getHeaders,
  headerValue,
  listValues,
  makeHeader,
  removeHeaders,
  setHeader,
  withBody,
  withRequestUri,
  formatNameAddr,
  parseNameAddr,
  escapeUriUser,
  makeSipUri,
  parseUri,
  uriParameter,
  withUriParameter,
});
