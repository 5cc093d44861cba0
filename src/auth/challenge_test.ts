import { strictEqual } from "node:assert/strict";
import { type Challenge, formatChallenge } from "./challenge.ts";

Deno.test("formatChallenge() writes each form", () => {
  const base: Challenge = { realm: "home", nonce: "ab", form: "MD5", reason: "first" };
  const cases = [
    [base, 'Digest realm="home", nonce="ab", qop="auth", algorithm=MD5'],
    [
      { ...base, form: "SHA-256", reason: "stale" },
      'Digest realm="home", nonce="ab", stale=true, qop="auth", algorithm=SHA-256',
    ],
    [{ ...base, form: "plain" }, 'Digest realm="home", nonce="ab"'],
    [{ ...base, form: "plain", reason: "stale" }, 'Digest realm="home", nonce="ab", stale=true'],
    [{ ...base, form: "plain", realm: 'a "b" \\' }, 'Digest realm="a \\"b\\" \\\\", nonce="ab"'],
  ] as const;
  for (const [challenge, expected] of cases) strictEqual(formatChallenge(challenge), expected);
});
