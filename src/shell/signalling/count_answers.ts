import type { Counters } from "../../metrics/counters.ts";
import type { AskQuestion } from "./ask_name_server.ts";

/**
 * Counts what becomes of questions to the name server, by type and result.
 *
 * The runtime does not tell a name that does not exist from a server that failed, so both are `no_records`; a question
 * that was given up is `no_answer`.
 *
 * @param ask asks one question
 * @param counters where to count
 * @returns a function that asks in the same way
 */
export function countAnswers(ask: AskQuestion, counters: Counters): AskQuestion {
  return async (question, signal) => {
    const answer = await ask(question, signal);
    const result = answer.records.length > 0
      ? "answered"
      : signal.aborted
      ? "no_answer"
      : "no_records";
    counters.add("dns_queries", { reason: `${question.type} ${result}` });
    return answer;
  };
}
