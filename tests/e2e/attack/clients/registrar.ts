/**
 * A provider's registrar that takes every REGISTER.
 *
 * `deno run registrar.ts ADDRESS PORT`; prints `registrar ready`.
 *
 * @module
 */
import { SipSocket } from "../../support/sip_socket.ts";
import { answer, headers, methodOf } from "../../support/sip_text.ts";

/** RFC 3261 §10.3: the answer lists the bindings, here those that were asked for. */
function respond(request: string): string | undefined {
  if (methodOf(request) === "ACK") return undefined;
  const extra = headers(request, "Contact").map((value) => `Contact: ${value};expires=3600`);
  return answer(request, "200 OK", { tag: "registrar", extra });
}

if (import.meta.main) {
  const [hostname = "", port = ""] = Deno.args;
  new SipSocket({ hostname, port: Number(port) }, respond);
  console.log("registrar ready");
}
