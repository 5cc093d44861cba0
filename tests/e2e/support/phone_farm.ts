/**
 * Many simple phones in one program: each registers once and answers every call with 486.
 *
 * `deno run phone_farm.ts ADDRESS FIRST_PORT COUNT PROXY:PORT REGISTRAR` registers users u0, u1, …
 * and prints `registered N`; the reason phrase of its answers names the phone that was reached. It
 * never registers again, so whoever reaches a phone later was led by what the proxy remembered.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { answer, methodOf, statusOf } from "./sip_text.ts";

const EXPIRES_SECONDS = 3600;
const ANSWER_TIMEOUT_MS = 10_000;

async function register(phone: SipSocket, plan: FarmPlan & { readonly user: string }) {
  const aor = `sip:${plan.user}@${plan.registrar}`;
  const [hostname = "", port = "5060"] = plan.proxy.split(":");
  const response = await phone.authenticated({
    method: "REGISTER",
    uri: `sip:${plan.registrar}`,
    from: `<${aor}>;tag=${plan.user}`,
    to: `<${aor}>`,
    callId: `farm-${plan.user}-${Deno.pid}@${plan.address}`,
    cseq: 1,
    extra: [
      `Contact: <sip:${plan.user}@${plan.address}:${phone.port}>`,
      `Expires: ${EXPIRES_SECONDS}`,
    ],
  }, {
    to: { hostname, port: Number(port) },
    timeoutMs: ANSWER_TIMEOUT_MS,
    user: plan.user,
    password: `pw-${plan.user}`,
  });
  return response !== undefined && statusOf(response) === 200;
}

interface FarmPlan {
  readonly address: string;
  readonly proxy: string;
  readonly registrar: string;
}

async function main(): Promise<void> {
  const [address = "", firstPort = "", count = "", proxy = "", registrar = ""] = Deno.args;
  let registered = 0;
  for (let n = 0; n < Number(count); n++) {
    const user = `u${n}`;
    const phone = new SipSocket(
      { hostname: address, port: Number(firstPort) + n },
      (request) =>
        methodOf(request) === "ACK" ? undefined : answer(request, `486 Busy ${user}`, { tag: "f" }),
    );
    if (await register(phone, { address, proxy, registrar, user })) registered++;
  }
  console.log(`registered ${registered}`);
}

if (import.meta.main) await main();
