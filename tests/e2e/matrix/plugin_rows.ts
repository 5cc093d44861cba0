/** What the plugin rows share: a suite of one configuration, and the calls that plugins look at. */

import { type Case, defineSuite, type Suite } from "../support/case.ts";
import type { Directives } from "../support/proxy.ts";
import { request, sdp, unique } from "./message.ts";
import { AT, closeStage, openStage, register, type Stage } from "./stage.ts";

/** Rows of one configuration; alice is registered at A. */
export function pluginSuite(
  name: string,
  plan: { readonly directives: Directives; readonly cases: readonly Case<Stage>[] },
): Suite {
  return defineSuite<Stage>({
    name: `matrix ${name}`,
    setUp: async () => {
      const stage = await openStage({ name, directives: plan.directives });
      await register(stage, { user: "alice", phone: stage.a });
      return stage;
    },
    tearDown: closeStage,
    cases: plan.cases,
  });
}

/** An INVITE of alice without an offer. */
export function dialled(
  stage: Stage,
  plan: { readonly uri: string; readonly callId: string },
): string {
  return request({
    method: "INVITE",
    uri: plan.uri,
    by: stage.a,
    from: `<sip:alice@${AT.r}>;tag=${unique("f")}`,
    to: `<${plan.uri}>`,
    callId: plan.callId,
    branch: `z9hG4bK${plan.callId}`,
    contact: `<sip:alice@${AT.a}:5062>`,
  });
}

/** An INVITE of R with an offer. */
export function fromOutside(
  plan: { readonly callId: string; readonly uri: string; readonly via?: string },
): string {
  const [viaAddress = AT.r, viaPort = "5070"] = (plan.via ?? "").split(":").filter(Boolean);
  return request({
    method: "INVITE",
    uri: plan.uri,
    by: { address: viaAddress, port: Number(viaPort) },
    from: `<sip:remote@${AT.r}:5070>;tag=${unique("f")}`,
    to: `<${plan.uri}>`,
    callId: plan.callId,
    contact: `<sip:remote@${AT.r}:5070>`,
    body: sdp({ address: AT.r, port: 40_000 }),
  });
}
