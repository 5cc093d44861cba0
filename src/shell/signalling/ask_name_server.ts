import type { DnsAnswer, DnsQuestion } from "../../dns/dns_record.ts";

/** Asks one question; no records is an answer, and a failure is one as well. Ends early when the signal says so. */
export type AskQuestion = (question: DnsQuestion, signal: AbortSignal) => Promise<DnsAnswer>;

/** A name server to ask instead of the system's. */
export interface NameServer {
  readonly ipAddr: string;
  readonly port: number;
}

/**
 * Makes the function that asks the system's name server, or a given one.
 *
 * The runtime reads resolv.conf anew for each question, so a changed name server is found. It does not tell a name
 * that does not exist from a server that failed: both are an answer without records.
 *
 * @param nameServer where to ask; undefined takes resolv.conf
 * @returns a function that never rejects
 */
export function askNameServer(nameServer?: NameServer): AskQuestion {
  const where = nameServer === undefined ? {} : { nameServer };
  return async (question, signal) => {
    // A runtime's resolver that does not heed the signal must not hold up the caller.
    const { promise: aborted, resolve } = Promise.withResolvers<DnsAnswer>();
    const onAbort = () => resolve(noRecords(question));
    if (signal.aborted) return noRecords(question);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([ask(question, { ...where, signal }), aborted]);
    } catch {
      return noRecords(question);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  };
}

async function ask(question: DnsQuestion, options: Deno.ResolveDnsOptions): Promise<DnsAnswer> {
  const { type, name } = question;
  switch (type) {
    case "A":
      return { type, records: await Deno.resolveDns(name, "A", options) };
    case "AAAA":
      return { type, records: await Deno.resolveDns(name, "AAAA", options) };
    case "SRV":
      return { type, records: await Deno.resolveDns(name, "SRV", options) };
    case "NAPTR":
      return { type, records: await Deno.resolveDns(name, "NAPTR", options) };
  }
}

function noRecords(question: DnsQuestion): DnsAnswer {
  const { type } = question;
  return { type, records: [] };
}
