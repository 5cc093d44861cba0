/** One requirement that a past incident somewhere in the field has taught. */
export interface Requirement {
  readonly id: string;
  /** What must hold. */
  readonly requirement: string;
  /** What we do for it. */
  readonly answer: string;
}

/** Everything that the table in SECURITY.md proves, R1 to R30 in their order. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "R1",
    requirement: "Spoofed media reaches nobody, and nobody's media goes to a spoofer",
    answer:
      "A stream locks on the announced address first, on its host next, on others after 500 ms only; a proven lock yields to a new SDP, and to its own host and SSRC on another port after 2 s of silence",
  },
  {
    id: "R2",
    requirement: "A new source is learnt after a changed SDP only, and only on that leg",
    answer: "Learning opens again for the side whose SDP names another address",
  },
  {
    id: "R3",
    requirement: "Packets from elsewhere are dropped and counted",
    answer: "Dropped before anything of them is used, counted by reason in status and metrics",
  },
  {
    id: "R4",
    requirement: "Encrypted media is learnt no more easily than plain media",
    answer:
      "The same rules for RTP/SAVP; DTLS and ZRTP teach nothing about strangers. We pass keys through and authenticate no packet",
  },
  {
    id: "R5",
    requirement:
      "Every length and count is limited; beyond it an answer or a close, never an exception",
    answer:
      "Named bounds for message, line, headers, Vias, SDP and parts: 400, 413, 414 or a closed stream",
  },
  {
    id: "R6",
    requirement: "Ten million made-up inputs find no error, and memory stays flat",
    answer: "Grammar and mutation fuzzing of everything that reads foreign octets",
  },
  {
    id: "R7",
    requirement: "Packets of real scanners are replayed in every run",
    answer: "A corpus of them, with the outcome of each",
  },
  {
    id: "R8",
    requirement: "A header is the same header however it is spelt",
    answer: "All rules work on the parsed, canonical name and on every occurrence",
  },
  {
    id: "R9",
    requirement: "No field of ours begins another line",
    answer:
      "Escapes are never undone on output; the serializer throws on CR, LF and NUL, plugins' edits are checked",
  },
  {
    id: "R10",
    requirement: "Parsing takes linear time; 64 KiB at worst less than 5 ms",
    answer:
      "Own parsers that look at each octet a bounded number of times; no backtracking on wire input",
  },
  {
    id: "R11",
    requirement: "Torture messages and short broken start lines stop nothing",
    answer: "RFC 4475 and RFC 5118 whole, in four settings, with a registration after each",
  },
  {
    id: "R12",
    requirement: "A user's pattern can't take for ever",
    answer: "Own matcher that follows all ways of a pattern at once, in linear time",
  },
  {
    id: "R13",
    requirement:
      "No challenge is answered for a user, and a caller's challenge doesn't reach a phone",
    answer:
      "We hold no credentials of anybody; 401 and 407 inside a call from outside pass from the phone's provider only",
  },
  {
    id: "R14",
    requirement: "Access rules hold for every method",
    answer: "They are checked before the method is looked at",
  },
  {
    id: "R15",
    requirement: "Floods and slow connections cost bounded memory and hurt nobody else",
    answer:
      "Every table has a bound and throws out the oldest; shares a source, time limits for messages and connections; strangers are heard last",
  },
  {
    id: "R16",
    requirement: "A bad media packet ends no call",
    answer: "It is dropped and counted; locks and time-outs stay as they were",
  },
  {
    id: "R17",
    requirement: "Strangers get little or nothing, never more than they sent",
    answer:
      "Twenty answers a second to one source and two hundred in all, each at most as long as its request; none with `wan_peers = known`",
  },
  {
    id: "R18",
    requirement: "No request goes round for ever",
    answer:
      "Max-Forwards, and a loop check by a branch that holds what routing depends on; we never fork",
  },
  {
    id: "R19",
    requirement: "Nobody outside reaches anybody outside through us",
    answer:
      "A request from outside needs a registered phone or a dialog of one; plugin_guard limits numbers, calls a minute and calls at once inside",
  },
  {
    id: "R20",
    requirement: "Existing and missing extensions look the same where silence is asked for",
    answer:
      "`wan_peers = known` answers nothing to either; unknown users cost the same hashes as known ones",
  },
  {
    id: "R21",
    requirement: "Digest authentication of the present day",
    answer:
      "Keyed nonces bound to time and source, nonce counts, stale, SHA-256 and stored hashes, comparison in constant time",
  },
  {
    id: "R22",
    requirement: "An answer goes to who asked",
    answer: "To the packet's source; never to broadcast, multicast, loopback or ourselves",
  },
  {
    id: "R23",
    requirement: "The relay is no way into other networks",
    answer:
      "Unspecified, loopback, link-local, multicast, private and own targets are refused in every textual form",
  },
  {
    id: "R24",
    requirement: "A browser can't open doors (NAT slipstreaming)",
    answer: "A stream must begin with SIP; a binding points at its packet's own source",
  },
  {
    id: "R25",
    requirement: "Foreign text controls no log, terminal or label",
    answer:
      "Control characters are escaped in every format; no user data in labels; no credential in logs",
  },
  {
    id: "R26",
    requirement: "Our own viewers bear it too",
    answer: "`siproxd status` escapes everything, and is fuzzed",
  },
  {
    id: "R27",
    requirement: "A switch is on or off, and anything else an error",
    answer: "Typed settings; `siproxd check` names file, line and column",
  },
  {
    id: "R28",
    requirement: "Operators' ports listen to this machine unless told otherwise",
    answer: "Debug port on loopback, status on a unix socket of mode 0600, metrics off",
  },
  {
    id: "R29",
    requirement: "No code from places that others may write",
    answer:
      "Plugins from the named folder only, owned by root or us, run without files, processes or environment",
  },
  {
    id: "R30",
    requirement: "What reads the network can do nothing else",
    answer: "Isolates with network permission alone; the rest gives up what only the start needs",
  },
];
