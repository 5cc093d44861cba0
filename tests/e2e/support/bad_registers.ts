/**
 * Somebody who guesses passwords.
 *
 * `deno run bad_registers.ts ADDRESS PORT PROXY:PORT DOMAIN USER COUNT` sends COUNT REGISTERs, each
 * with a wrong password after its challenge, and prints one JSON line with the last status of each
 * (0: no answer): `{"statuses": [401, …, 0]}`. Started by the plugin suite.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { statusOf } from "./sip_text.ts";

/** What is not answered by then is not answered at all: the server is a millisecond away. */
const ANSWER_TIMEOUT_MS = 1500;

async function main(): Promise<void> {
  const [address = "", port = "", proxy = "", domain = "", user = "", count = ""] = Deno.args;
  const [hostname = "", proxyPort = "5060"] = proxy.split(":");
  const socket = new SipSocket({ hostname: address, port: Number(port) });
  const statuses: number[] = [];
  for (let n = 0; n < Number(count); n++) {
    const response = await socket.authenticated({
      method: "REGISTER",
      uri: `sip:${domain}`,
      from: `<sip:${user}@${domain}>;tag=bad${n}`,
      to: `<sip:${user}@${domain}>`,
      callId: `bad-${n}-${Deno.pid}@${address}`,
      cseq: 1,
      extra: [`Contact: <sip:${user}@${address}:${port}>`, "Expires: 300"],
    }, {
      to: { hostname, port: Number(proxyPort) },
      timeoutMs: ANSWER_TIMEOUT_MS,
      user,
      password: `wrong-${n}`,
    });
    statuses.push(response === undefined ? 0 : statusOf(response));
  }
  console.log(JSON.stringify({ statuses }));
  socket.close();
}

if (import.meta.main) await main();
