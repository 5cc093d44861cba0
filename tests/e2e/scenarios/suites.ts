/** The scenarios of the user's guide, chapter 7, and two daemons in a row. */

import type { Suite } from "../support/case.ts";
import { BEHIND_ROUTER } from "./behind_router.ts";
import { CHAINED } from "./chained.ts";
import { IN_FRONT_OF_NAT } from "./in_front_of_nat.ts";
import { PBX_TRUNK } from "./pbx_trunk.ts";
import { STANDARD } from "./standard.ts";
import { TRANSPARENT } from "./transparent.ts";

/** In the order of the guide. */
export const SCENARIO_SUITES: readonly Suite[] = [
  STANDARD,
  BEHIND_ROUTER,
  IN_FRONT_OF_NAT,
  TRANSPARENT,
  PBX_TRUNK,
  CHAINED,
];
