import type { Target } from "./target.ts";
import { NAME_ADDR, URI, VIA } from "./targets/addresses.ts";
import { MULTIPART, SDP } from "./targets/bodies.ts";
import { CORE } from "./targets/core.ts";
import { DIGEST, PASSWORD_FILE } from "./targets/digest.ts";
import { CONFIG, REGISTRATION_FILE } from "./targets/files.ts";
import { FRAMER } from "./targets/framer.ts";
import { MEDIA } from "./targets/media.ts";
import { MESSAGE, ROUND_TRIP } from "./targets/message.ts";
import { HTTP_REQUEST, LOG_LINES, STATUS_TEXT } from "./targets/operator.ts";
import { STUN } from "./targets/stun.ts";

/** Everything that is fuzzed, in the order it is reported. */
export const TARGETS: readonly Target[] = [
  MESSAGE,
  ROUND_TRIP,
  URI,
  NAME_ADDR,
  VIA,
  SDP,
  MULTIPART,
  DIGEST,
  PASSWORD_FILE,
  FRAMER,
  REGISTRATION_FILE,
  CONFIG,
  MEDIA,
  STUN,
  LOG_LINES,
  STATUS_TEXT,
  HTTP_REQUEST,
  CORE,
];
