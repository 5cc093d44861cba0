/**
 * One OPTIONS of one phone.
 *
 * `deno run ask.ts ADDRESS PORT PROXY:PORT URI` prints the status line of the final answer, or
 * `no answer`. Started by the suites.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { startLine } from "./sip_text.ts";

const ANSWER_TIMEOUT_MS = 1000;

async function main(): Promise<void> {
  const [address = "", port = "", proxy = "", uri = ""] = Deno.args;
  const [hostname = "", proxyPort = "5060"] = proxy.split(":");
  const phone = new SipSocket({ hostname: address, port: Number(port) });
  const response = await phone.request({
    method: "OPTIONS",
    uri,
    from: "<sip:u0@203.0.113.10>;tag=ask",
    to: `<${uri}>`,
    callId: `ask-${Deno.pid}@${address}`,
    cseq: 1,
  }, { to: { hostname, port: Number(proxyPort) }, timeoutMs: ANSWER_TIMEOUT_MS });
  console.log(response === undefined ? "no answer" : startLine(response));
  phone.close();
}

if (import.meta.main) await main();
