/**
 * A far end that answers every request with 200.
 *
 * `deno run sip_responder.ts ADDRESS PORT`. Started by the resolver suite.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { answer, methodOf } from "./sip_text.ts";

if (import.meta.main) {
  const [hostname = "127.0.0.1", port = "5060"] = Deno.args;
  new SipSocket(
    { hostname, port: Number(port) },
    (request) =>
      methodOf(request) === "ACK" ? undefined : answer(request, "200 OK", { tag: "responder" }),
  );
  console.log("responder ready");
}
