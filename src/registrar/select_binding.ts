import { addressOfRecordKey, type AnyUri, uriParameter } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";
import { userKey } from "./binding_keys.ts";
import type { BindingTable } from "./binding_table.ts";
import { TOKEN_PARAMETER } from "./public_uri.ts";

/** What an incoming request says about its callee. */
export interface CalleeQuestion {
  readonly requestUri: AnyUri;
  readonly toUri: AnyUri;
  /** Whether the user part alone is enough when nothing better matches (siproxd's direction step 4). */
  readonly userPart: "match" | "ignore";
}

/**
 * Finds the phone that a request from outside is for: by token, by public URI, by address of record, by user part.
 *
 * At each step the Request-URI counts before the To URI, a live binding only, and the newest of several.
 *
 * @param table the registrations
 * @param question what the request says
 * @returns the phone; undefined when nothing matches
 */
export function selectBinding(table: BindingTable, question: CalleeQuestion): Binding | undefined {
  const { requestUri, toUri } = question;
  const byToken = findByToken(table, requestUri);
  if (byToken !== undefined) return byToken;
  const toKey = addressOfRecordKey(toUri);
  for (const key of [addressOfRecordKey(requestUri), toKey]) {
    const found = findByPublicKey(table, { key, toKey }) ??
      newestLive(table, table.byAddressOfRecord(key));
    if (found !== undefined) return found;
  }
  return question.userPart === "match" ? findByUser(table, [requestUri, toUri]) : undefined;
}

/** The token decides even when the host is not the one we gave out: our address may have changed since. */
function findByToken(table: BindingTable, uri: AnyUri): Binding | undefined {
  const token = uri.kind === "sip" ? uriParameter(uri, TOKEN_PARAMETER) : undefined;
  if (token === undefined) return undefined;
  const user = userKey(uri);
  const phones = user === undefined
    ? table.byPublicKey(addressOfRecordKey(uri))
    : table.byUser(user);
  return newestLive(table, phones.filter((phone) => phone.token === token.toLowerCase()));
}

/**
 * Without a token: the address of record tells apart two providers' alice; then the phone whose public URI is just this
 * one, which is how a registrar that forks rings the first phone; then, since some providers strip parameters, the newest.
 */
function findByPublicKey(
  table: BindingTable,
  keys: { readonly key: string; readonly toKey: string },
): Binding | undefined {
  const phones = table.byPublicKey(keys.key);
  if (phones.length < 2) return newestLive(table, phones);
  const isWritten = (phone: Binding) => phone.token === undefined;
  const named = phones.filter((phone) => phone.addressOfRecord === keys.toKey);
  return newestLive(table, named.filter(isWritten)) ?? newestLive(table, named) ??
    newestLive(table, phones.filter(isWritten)) ?? newestLive(table, phones);
}

function findByUser(table: BindingTable, uris: readonly AnyUri[]): Binding | undefined {
  for (const uri of uris) {
    const user = userKey(uri);
    const found = user === undefined ? undefined : newestLive(table, table.byUser(user));
    if (found !== undefined) return found;
  }
  return undefined;
}

function newestLive(table: BindingTable, phones: readonly Binding[]): Binding | undefined {
  for (let index = phones.length - 1; index >= 0; index--) {
    const phone = phones[index];
    if (phone !== undefined && !table.isExpired(phone)) return phone;
  }
  return undefined;
}
