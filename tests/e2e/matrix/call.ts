/** Whole calls between A and R for the rows that are about what happens inside one. */

import { answer, bodyOf, header, uriOf } from "../support/sip_text.ts";
import { Media } from "./media.ts";
import { mediaPort, request, sdp, unique } from "./message.ts";
import type { Place, Received } from "./peer.ts";
import { AT, contactOf, type Stage } from "./stage.ts";

/** A call that A made to R. */
export interface Call {
  readonly stage: Stage;
  readonly callId: string;
  readonly branch: string;
  readonly from: string;
  /** To with R's tag. */
  readonly to: string;
  readonly inviteAtR: Received;
  readonly answerAtA: Received;
  readonly mediaA: Media;
  readonly mediaR: Media;
  /** Where A sends its media to. */
  readonly inner: Place;
  /** Where R sends its media to. */
  readonly outer: Place;
}

/** What a call may differ in. */
export interface CallPlan {
  readonly user?: string;
  /** Status line of R's answer to the INVITE; absent: `200 OK`. */
  readonly answer?: string;
  readonly extraAnswer?: readonly string[];
  readonly contact?: string;
}

/** The URI that A calls. */
export const REMOTE_URI: string = `sip:remote@${AT.r}:5070`;

/** The INVITE of A to R. */
export function outgoingInvite(
  stage: Stage,
  plan: {
    readonly callId: string;
    readonly branch?: string;
    readonly cseq?: number;
    readonly user?: string;
    readonly from?: string;
    readonly contact?: string;
    readonly body?: string;
    readonly contentType?: string;
    readonly extra?: readonly string[];
  },
): string {
  const user = plan.user ?? "alice";
  return request({
    method: "INVITE",
    uri: REMOTE_URI,
    by: stage.a,
    from: plan.from ?? `<sip:${user}@${AT.r}>;tag=${unique("f")}`,
    to: `<${REMOTE_URI}>`,
    callId: plan.callId,
    cseq: plan.cseq ?? 1,
    contact: plan.contact ?? `<${contactOf(user, stage.a)}>`,
    ...(plan.branch === undefined ? {} : { branch: plan.branch }),
    ...(plan.body === undefined ? {} : { body: plan.body }),
    ...(plan.contentType === undefined ? {} : { contentType: plan.contentType }),
    ...(plan.extra === undefined ? {} : { extra: plan.extra }),
  });
}

/** A calls R; R answers with SDP; A acknowledges a 200. */
export async function callOut(stage: Stage, plan: CallPlan = {}): Promise<Call> {
  const callId = unique("out-");
  const branch = unique("z9hG4bK");
  const from = `<sip:${plan.user ?? "alice"}@${AT.r}>;tag=${unique("f")}`;
  const mediaA = new Media(AT.a);
  const mediaR = new Media(AT.r);
  const status = plan.answer ?? "200 OK";
  await stage.a.send(
    outgoingInvite(stage, {
      callId,
      branch,
      from,
      body: sdp(mediaA),
      ...(plan.user === undefined ? {} : { user: plan.user }),
      ...(plan.contact === undefined ? {} : { contact: plan.contact }),
    }),
    stage.inside,
  );
  const inviteAtR = await stage.r.expect({ callId, method: "INVITE" });
  const tag = unique("t");
  await stage.r.send(
    answer(inviteAtR.text, status, {
      tag,
      extra: [`Contact: <${REMOTE_URI}>`, ...(plan.extraAnswer ?? [])],
      body: sdp(mediaR),
    }),
    inviteAtR.from,
  );
  const answerAtA = await stage.a.expect({ callId, status: Number(status.slice(0, 3)) });
  const call: Call = {
    stage,
    callId,
    branch,
    from,
    to: `<${REMOTE_URI}>;tag=${tag}`,
    inviteAtR,
    answerAtA,
    mediaA,
    mediaR,
    inner: { address: AT.inbound, port: mediaPort(bodyOf(answerAtA.text)) },
    outer: { address: stage.outside.address, port: mediaPort(bodyOf(inviteAtR.text)) },
  };
  if (status.startsWith("200")) await sendInDialog(call, { method: "ACK", cseq: 1 });
  return call;
}

/** A request of A inside a call. */
export interface InDialog {
  readonly method: string;
  readonly cseq: number;
  readonly body?: string;
  readonly branch?: string;
  readonly extra?: readonly string[];
}

/** Sends a request of A inside a call and returns it as R received it. */
export async function sendInDialog(call: Call, plan: InDialog): Promise<Received> {
  const { stage } = call;
  const user = /sip:([^@]*)@/.exec(call.from)?.[1] ?? "alice";
  await stage.a.send(
    request({
      method: plan.method,
      uri: uriOf(header(call.answerAtA.text, "Contact")),
      by: stage.a,
      from: call.from,
      to: call.to,
      callId: call.callId,
      cseq: plan.cseq,
      ...(plan.method === "BYE" ? {} : { contact: `<${contactOf(user, stage.a)}>` }),
      ...(plan.branch === undefined ? {} : { branch: plan.branch }),
      ...(plan.body === undefined ? {} : { body: plan.body }),
      ...(plan.extra === undefined ? {} : { extra: plan.extra }),
    }),
    stage.inside,
  );
  return await stage.r.expect({ callId: call.callId, method: plan.method });
}

/** A re-INVITE of A with its answer by R (`answerBody`), acknowledged; R's copy and A's answer. */
export async function reInvite(
  call: Call,
  plan: { readonly cseq: number; readonly body: string; readonly answerBody: string },
): Promise<{ readonly atR: Received; readonly atA: Received }> {
  const { stage } = call;
  const atR = await sendInDialog(call, { method: "INVITE", ...plan });
  await stage.r.send(
    answer(atR.text, "200 OK", { extra: [`Contact: <${REMOTE_URI}>`], body: plan.answerBody }),
    atR.from,
  );
  const atA = await stage.a.expect({ callId: call.callId, method: "INVITE", status: 200 });
  await sendInDialog(call, { method: "ACK", cseq: plan.cseq });
  return { atR, atA };
}

/** A hangs up, R confirms; the media sockets are closed. */
export async function hangUp(call: Call, cseq: number = 90): Promise<void> {
  const { stage } = call;
  const bye = await sendInDialog(call, { method: "BYE", cseq });
  await stage.r.send(answer(bye.text, "200 OK"), bye.from);
  await stage.a.expect({ callId: call.callId, method: "BYE", status: 200 });
  call.mediaA.close();
  call.mediaR.close();
}
