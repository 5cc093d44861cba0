/** Longest message read or framed: a UDP datagram cannot be longer, and no SIP message needs more (R5). */
export const MAX_MESSAGE_LENGTH_BYTES = 65536;

/** Longest header field with its folds, and longest start line: certificates in Identity and long Route sets fit (R5). */
export const MAX_LINE_LENGTH_BYTES = 8192;

/** Most header fields of one message: real ones carry below 60; a flood of them costs memory for nothing (R5). */
export const MAX_HEADERS = 256;

/**
 * Most Via elements of a request: Max-Forwards 70 is the RFC's advice, and no real path has over a dozen (R5). Its answer
 * comes back with ours on top.
 */
export const MAX_VIAS = 64;

/** Most parts looked at in a multipart body: real ones carry two or three. */
export const MAX_BODY_PARTS = 32;

/** Deepest multipart inside multipart that is looked into: mixed around alternative is the deepest seen. */
export const MAX_BODY_DEPTH = 3;

/** Largest Content-Length and CSeq number: below 2^31 by RFC 3261 §8.1.1.5 and R5. */
export const MAX_INT31 = 2147483647;

/** Largest delta-seconds value: above it RFC 3261 §20.19 counts as 2^32 - 1. */
export const MAX_DELTA_SECONDS = 4294967295;
