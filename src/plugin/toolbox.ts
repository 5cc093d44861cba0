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
  readonly getHeaders: typeof getHeaders;
  readonly headerValue: typeof headerValue;
  readonly listValues: typeof listValues;
  readonly makeHeader: typeof makeHeader;
  readonly removeHeaders: typeof removeHeaders;
  readonly setHeader: typeof setHeader;
  readonly withBody: typeof withBody;
  readonly withRequestUri: typeof withRequestUri;
  readonly formatNameAddr: typeof formatNameAddr;
  readonly parseNameAddr: typeof parseNameAddr;
  readonly escapeUriUser: typeof escapeUriUser;
  readonly makeSipUri: typeof makeSipUri;
  readonly parseUri: typeof parseUri;
  readonly uriParameter: typeof uriParameter;
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
