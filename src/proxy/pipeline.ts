/**
 * The order of things: every SIP message passes these stages, top to bottom, and nothing else decides the order.
 * It opens no socket, reads no clock and never throws on input. `proxy.ts` runs it for the shell.
 *
 * @module
 */
import type { RequestContext, ResponseContext } from "./context.ts";
import type { Stage } from "./stage.ts";
import { checkUriScheme } from "./stages/uri_scheme.ts";
import { checkMaxForwards } from "./stages/max_forwards.ts";
import { detectLoop } from "./stages/loop_detection.ts";
import { checkProxyRequire } from "./stages/proxy_require.ts";
import { silenceStrangers } from "./stages/known_peers.ts";
import { absorbOwnAck } from "./stages/own_ack.ts";
import { obscureRequest, obscureResponse } from "./stages/obscure_call_id.ts";
import { preprocessRoute } from "./stages/route_information.ts";
import { answerOwnOptions } from "./stages/own_options.ts";
import { recallTransaction } from "./stages/recall_transaction.ts";
import { checkRegisterRight } from "./stages/register_right.ts";
import { authenticateRegister } from "./stages/authenticate.ts";
import { serveRegister } from "./stages/registrar.ts";
import { planProxiedRegister } from "./stages/proxied_register.ts";
import { findDialog } from "./stages/known_dialog.ts";
import { findDirection } from "./stages/direction.ts";
import { admitRequest } from "./stages/admission.ts";
import { masqueradeRequest } from "./stages/masquerade_request.ts";
import { locateNextHop } from "./stages/next_hop.ts";
import { trackRequestDialog } from "./stages/request_dialog.ts";
import { relayRequestMedia, relayResponseMedia } from "./stages/media.ts";
import { recordRouteRequest, recordRouteResponse } from "./stages/record_route.ts";
import { validateRequest, validateResponse } from "./stages/plugin_validate.ts";
import { determineRequestTarget, determineResponseTarget } from "./stages/plugin_target.ts";
import { preProxyRequest, preProxyResponse } from "./stages/plugin_pre_proxy.ts";
import { offerUnknown } from "./stages/plugin_unknown.ts";
import { postProxyRequest, postProxyResponse } from "./stages/plugin_post_proxy.ts";
import { addOwnVia } from "./stages/own_via.ts";
import { forwardRequest, forwardResponse } from "./stages/forward.ts";
import { matchOwnVia } from "./stages/response_via.ts";
import { routeResponse } from "./stages/response_hop.ts";
import { commitRegisterResponse } from "./stages/register_response.ts";
import { trackResponseDialog } from "./stages/response_dialog.ts";
import { withholdForeignChallenge } from "./stages/foreign_challenge.ts";
import { masqueradeResponse } from "./stages/masquerade_response.ts";

/** What a request passes (RFC 3261 §16.3 – §16.6). */
export const requestStages: readonly Stage<RequestContext>[] = [
  { name: "plugin-validate", run: validateRequest },
  { name: "known-peers", run: silenceStrangers },
  { name: "own-ack", run: absorbOwnAck },
  { name: "uri-scheme", run: checkUriScheme },
  { name: "max-forwards", run: checkMaxForwards },
  { name: "loop-detection", run: detectLoop },
  { name: "proxy-require", run: checkProxyRequire },
  { name: "plugin-target", run: determineRequestTarget },
  { name: "route-information", run: preprocessRoute },
  { name: "own-options", run: answerOwnOptions },
  { name: "recall-transaction", run: recallTransaction },
  { name: "register-right", run: checkRegisterRight },
  { name: "authenticate", run: authenticateRegister },
  { name: "registrar", run: serveRegister },
  { name: "known-dialog", run: findDialog },
  { name: "direction", run: findDirection },
  { name: "plugin-pre-proxy", run: preProxyRequest },
  { name: "plugin-unknown", run: offerUnknown },
  { name: "admission", run: admitRequest },
  { name: "next-hop", run: locateNextHop },
  { name: "proxied-register", run: planProxiedRegister },
  { name: "dialog", run: trackRequestDialog },
  { name: "masquerade", run: masqueradeRequest },
  { name: "media", run: relayRequestMedia },
  { name: "record-route", run: recordRouteRequest },
  { name: "obscure-call-id", run: obscureRequest },
  { name: "own-via", run: addOwnVia },
  { name: "plugin-post-proxy", run: postProxyRequest },
  { name: "forward", run: forwardRequest },
];

/** What a response passes (RFC 3261 §16.7, §16.11, §18.1.2). */
export const responseStages: readonly Stage<ResponseContext>[] = [
  { name: "plugin-validate", run: validateResponse },
  { name: "plugin-target", run: determineResponseTarget },
  { name: "plugin-pre-proxy", run: preProxyResponse },
  { name: "own-via", run: matchOwnVia },
  { name: "next-hop", run: routeResponse },
  { name: "register-response", run: commitRegisterResponse },
  { name: "dialog", run: trackResponseDialog },
  { name: "foreign-challenge", run: withholdForeignChallenge },
  { name: "masquerade", run: masqueradeResponse },
  { name: "media", run: relayResponseMedia },
  { name: "record-route", run: recordRouteResponse },
  { name: "obscure-call-id", run: obscureResponse },
  { name: "plugin-post-proxy", run: postProxyResponse },
  { name: "forward", run: forwardResponse },
];
