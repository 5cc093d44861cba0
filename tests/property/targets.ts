import type { Target } from "./target.ts";
import { NAME_ADDR, URI, VIA } from "./targets/addresses.ts";
import { MULTIPART, SDP } from "./targets/bodies.ts";
import { CORE } from "./targets/core.ts";
import { CONFIG, REGISTRATION_FILE } from "./targets/files.ts";
import { FRAMER } from "./targets/framer.ts";
import { MEDIA } from "./targets/media.ts";
import { MESSAGE, ROUND_TRIP } from "./targets/message.ts";

/** Everything that is fuzzed, in the order it is reported. */
export const TARGETS: readonly Target[] = [
  MESSAGE,
  ROUND_TRIP,
  URI,
  NAME_ADDR,
  VIA,
  SDP,
  MULTIPART,
  FRAMER,
  REGISTRATION_FILE,
  CONFIG,
  MEDIA,
  CORE,
];
