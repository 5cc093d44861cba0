import { strictEqual } from "node:assert/strict";
import { UnansweredChallenges } from "./unanswered_challenges.ts";

function challenged(...requests: readonly string[]): UnansweredChallenges {
  const challenges = new UnansweredChallenges();
  for (const request of requests) challenges.noteChallenge("phone", { request, nowMs: 0 });
  return challenges;
}

Deno.test("UnansweredChallenges falls back to the plain form after two requests in a row", () => {
  strictEqual(challenged().form("phone", 0), "modern");
  strictEqual(challenged("a").form("phone", 0), "modern");
  strictEqual(challenged("a", "b").form("phone", 0), "plain");
  strictEqual(challenged("a", "b").form("other", 0), "modern");
});

Deno.test("UnansweredChallenges does not count retransmissions", () => {
  strictEqual(challenged("a", "a", "a").form("phone", 0), "modern");
});

Deno.test("UnansweredChallenges.noteAnswer() keeps the form that was answered", () => {
  const modern = challenged("a");
  modern.noteAnswer("phone", 0);
  modern.noteChallenge("phone", { request: "b", nowMs: 0 });
  strictEqual(modern.form("phone", 0), "modern");
  const plain = challenged("a", "b");
  plain.noteAnswer("phone", 80_000_000);
  strictEqual(plain.form("phone", 160_000_000), "plain");
});

Deno.test("UnansweredChallenges forgets a phone after a day of silence", () => {
  const challenges = challenged("a", "b");
  challenges.expire(86_400_000);
  strictEqual(challenges.form("phone", 0), "modern");
});
