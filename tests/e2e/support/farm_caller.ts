/**
 * Calls every phone of a farm through the provider and tells which ones it reached.
 *
 * `deno run farm_caller.ts ADDRESS PORT REGISTRAR COUNT` prints one JSON line:
 * `{"reached": n, "missed": ["u7: 404 Not Found", …]}`.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { startLine } from "./sip_text.ts";

const ANSWER_TIMEOUT_MS = 5000;

async function main(): Promise<void> {
  const [address = "", port = "", registrar = "", count = ""] = Deno.args;
  const caller = new SipSocket({ hostname: address, port: Number(port) });
  const missed: string[] = [];
  for (let n = 0; n < Number(count); n++) {
    const user = `u${n}`;
    const response = await caller.authenticated({
      method: "INVITE",
      uri: `sip:${user}@${registrar}`,
      from: `<sip:carol@${registrar}>;tag=c${n}`,
      to: `<sip:${user}@${registrar}>`,
      callId: `call-${n}-${Deno.pid}@${address}`,
      cseq: 1,
      extra: [`Contact: <sip:carol@${address}:${port}>`],
    }, {
      to: { hostname: registrar, port: 5060 },
      timeoutMs: ANSWER_TIMEOUT_MS,
      user: "carol",
      password: "pw-carol",
    });
    const line = response === undefined ? "no answer" : startLine(response);
    if (line !== `SIP/2.0 486 Busy ${user}`) missed.push(`${user}: ${line}`);
  }
  console.log(JSON.stringify({ reached: Number(count) - missed.length, missed }));
  caller.close();
}

if (import.meta.main) await main();
