/** The peers alone: if these fail, the machine or the peers are at fault and not the daemon. */

import { defineSuite, type Suite } from "../support/case.ts";
import { closePhoneBench, openPhoneBench } from "../support/phone_bench.ts";
import { PHONE_CASES, PHONES } from "./phone_cases.ts";

/** Registration and one call each way, straight through a routing router. */
export const PEERS: Suite = defineSuite({
  name: "peers without proxy",
  setUp: () => openPhoneBench({ name: "peers", path: "direct", media: "audio", phones: PHONES }),
  tearDown: closePhoneBench,
  cases: PHONE_CASES.slice(0, 2),
});
