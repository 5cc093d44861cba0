/**
 * siproxd's debug classes, by name and bit. The numbers are those that `debug_level` and `-d` have
 * always taken.
 */
export type DebugClass =
  | "BABBLE"
  | "NET"
  | "SIP"
  | "REG"
  | "NOSPEC"
  | "PROXY"
  | "DNS"
  | "NETTRAF"
  | "CONFIG"
  | "RTP"
  | "ACCESS"
  | "AUTH"
  | "PLUGIN"
  | "RTPBABL";

/** Bit of each debug class. */
export const DEBUG_CLASS_BITS: Readonly<Record<DebugClass, number>> = Object.freeze({
  BABBLE: 0x1,
  NET: 0x2,
  SIP: 0x4,
  REG: 0x8,
  NOSPEC: 0x10,
  PROXY: 0x20,
  DNS: 0x40,
  NETTRAF: 0x80,
  CONFIG: 0x100,
  RTP: 0x200,
  ACCESS: 0x400,
  AUTH: 0x800,
  PLUGIN: 0x1000,
  RTPBABL: 0x2000,
});

/** The mask that switches every class on, also those of a later version. */
export const DEBUG_ALL = 0xffffffff;
