import type { AnyContext } from "./context.ts";

/** Status codes that a registration ends with; others are counted by their class, so that no peer can make labels. */
const CODES: ReadonlySet<number> = new Set(
  [200, 400, 401, 403, 404, 405, 407, 408, 413, 420, 423, 480, 486, 500, 501, 503, 504, 603],
);

/**
 * Counts the final answer that a REGISTER got.
 *
 * @param context the run of a request that is answered, or of a response; others than to REGISTER are not counted
 * @param answer who gave it, and its status code
 */
export function countAttempt(
  context: AnyContext,
  answer: { readonly registrar: "local" | "proxied"; readonly statusCode: number },
): void {
  const { registrar, statusCode } = answer;
  if (context.checked.cseq.method !== "REGISTER" || statusCode < 200) return;
  if (context.kind === "response" && context.trust !== "verified") return;
  const code = CODES.has(statusCode) ? `${statusCode}` : `${Math.trunc(statusCode / 100)}xx`;
  const reason = `${registrar} ${code}`;
  context.actions.push({ kind: "count", counter: "register_attempts", reason });
}
