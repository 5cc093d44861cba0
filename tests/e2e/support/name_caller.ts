/**
 * A phone that calls names which its proxy cannot resolve.
 *
 * `deno run name_caller.ts ADDRESS PORT PROXY:PORT PREFIX COUNT` sends one OPTIONS each to
 * `sip:x@PREFIX0.test`, `PREFIX1.test`, … ten a second, and prints one JSON line with the status of
 * each (0: no answer): `{"statuses": [504, …]}`. Started by the resolver suite.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { statusOf } from "./sip_text.ts";

/** RFC 3261 timer F: after this a client gives up by itself. */
const ANSWER_TIMEOUT_MS = 32_000;
const INTERVAL_MS = 100;

async function main(): Promise<void> {
  const [address = "", port = "", proxy = "", prefix = "", count = ""] = Deno.args;
  const [hostname = "", proxyPort = "5060"] = proxy.split(":");
  const phone = new SipSocket({ hostname: address, port: Number(port) });
  const running: Promise<string | undefined>[] = [];
  for (let n = 0; n < Number(count); n++) {
    const uri = `sip:x@${prefix}${n}.test`;
    running.push(phone.request({
      method: "OPTIONS",
      uri,
      from: `<sip:u0@203.0.113.10>;tag=n${n}`,
      to: `<${uri}>`,
      callId: `name-${prefix}-${n}-${Deno.pid}@${address}`,
      cseq: 1,
    }, { to: { hostname, port: Number(proxyPort) }, timeoutMs: ANSWER_TIMEOUT_MS }));
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  const responses = await Promise.all(running);
  const statuses = responses.map((one) => one === undefined ? 0 : statusOf(one));
  console.log(JSON.stringify({ statuses }));
  phone.close();
}

if (import.meta.main) await main();
