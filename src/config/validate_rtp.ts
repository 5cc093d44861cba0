import { entriesOf, type Examination, isSet, issueAt } from "./examination.ts";
import type { Issue } from "./issues.ts";
import { scanInteger } from "./read_integer.ts";

/** Seconds below which a silent stretch of a call is taken for its end. */
const SHORT_TIMEOUT_SECONDS = 60;

/** Ports below this one are never sent media to or from (R23). */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** First port that Linux gives to other programs on its own (ip_local_port_range). */
const FIRST_EPHEMERAL_PORT = 32768;

/** Last of them. */
const LAST_EPHEMERAL_PORT = 60999;

/**
 * Examines the media ports and time-outs.
 *
 * @param examination a bound configuration
 * @returns what contradicts, and what is risky
 */
export function validateRtp(examination: Examination): readonly Issue[] {
  const { rtp } = examination.config;
  return [
    ...(rtp.enabled ? validateRange(examination) : []),
    ...roundedLow(examination),
    ...validateTimeouts(examination),
  ];
}

function roundedLow(examination: Examination): readonly Issue[] {
  const { portLow } = examination.config.rtp;
  const written = entriesOf(examination, "rtp_port_low").at(-1)?.value ?? "0";
  const port = scanInteger(written)?.value ?? 0;
  if (port % 2 === 0) return [];
  return [issueAt(examination, {
    severity: "warning",
    key: "rtp_port_low",
    message: `Cannot use odd port "${port}": rounded up to ${portLow}, RTP takes even ports`,
  })];
}

function validateRange(examination: Examination): readonly Issue[] {
  const { rtp, sip } = examination.config;
  const range = `${rtp.portLow}…${rtp.portHigh + 1}`;
  if (rtp.portHigh < rtp.portLow) return [emptyRange(examination)];
  const issues: Issue[] = [];
  const warn = (message: string) =>
    issues.push(issueAt(examination, { severity: "warning", key: "rtp_port_low", message }));
  if (rtp.portLow < FIRST_UNPRIVILEGED_PORT) {
    warn(`Range ${range} starts below 1024: those ports need root, and peers refuse them`);
  }
  if (sip.listenPort >= rtp.portLow && sip.listenPort <= rtp.portHigh + 1) {
    warn(`Range ${range} contains sip_listen_port ${sip.listenPort}: that pair is lost`);
  }
  if (rtp.portLow <= LAST_EPHEMERAL_PORT && rtp.portHigh + 1 >= FIRST_EPHEMERAL_PORT) {
    warn(
      `Range ${range} overlaps the ports that Linux gives to other programs ` +
        `(${FIRST_EPHEMERAL_PORT}…${LAST_EPHEMERAL_PORT}): some may be taken`,
    );
  }
  return issues;
}

function emptyRange(examination: Examination): Issue {
  const { portLow, portHigh } = examination.config.rtp;
  const key = isSet(examination, "rtp_port_high") || !isSet(examination, "rtp_port_low")
    ? "rtp_port_high"
    : "rtp_port_low";
  return issueAt(examination, {
    severity: "error",
    key,
    message: `Cannot use range ${portLow}…${portHigh}: its last RTP port lies below the first ` +
      "(example: rtp_port_low = 7070, rtp_port_high = 7089)",
  });
}

function validateTimeouts(examination: Examination): readonly Issue[] {
  const { timeoutSeconds, holdTimeoutSeconds } = examination.config.rtp;
  const issues: Issue[] = [];
  if (timeoutSeconds < SHORT_TIMEOUT_SECONDS) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "rtp_timeout",
      message: `Time-out of ${timeoutSeconds} s ends calls in which nobody speaks: 300 is usual`,
    }));
  }
  if (holdTimeoutSeconds < timeoutSeconds) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "rtp_hold_timeout",
      message: `Time-out of ${holdTimeoutSeconds} s is below rtp_timeout ${timeoutSeconds}: ` +
        "calls on hold end sooner than others",
    }));
  }
  return issues;
}
