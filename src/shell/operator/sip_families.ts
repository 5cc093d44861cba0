import type { CounterName } from "../../metrics/counters.ts";
import type { MessageCount } from "../../metrics/message_tally.ts";
import type { MetricFamily, MetricSample } from "../../metrics/prometheus_text.ts";
import type { SignallingStatistics } from "../protocol.ts";
import { counter, gauge } from "./metric_family.ts";

/** What is said of a counter. */
interface CounterText {
  readonly help: string;
  /** It counts under reasons only, and before the first there is no sample: the labels that a reason's words are. */
  readonly by?: readonly string[];
}

const BY_REASON: readonly string[] = ["reason"];

/** What each counter of the signalling isolate counts; `undefined` ones are told otherwise. */
const COUNTERS: Readonly<Record<CounterName, CounterText | undefined>> = Object.freeze({
  sip_received: undefined,
  sip_sent: undefined,
  sip_dropped: { help: "SIP messages that were dropped, by reason.", by: BY_REASON },
  sip_answered: { help: "SIP requests that siproxd answered itself, by reason.", by: BY_REASON },
  sip_send_failed: { help: "SIP messages that could not be sent, by reason.", by: BY_REASON },
  sip_stream_closed: { help: "TCP connections that siproxd closed, by reason.", by: BY_REASON },
  sip_bug: { help: "SIP messages that met a bug of siproxd and were dropped." },
  register_attempts: {
    help: "Final answers that REGISTERs got, by who gave them and status code.",
    by: ["registrar", "code"],
  },
  registrations_refused: { help: "Registrations that were refused, by reason.", by: BY_REASON },
  media_ports_exhausted: { help: "Calls that found no free media port." },
  dns_queries: {
    help: "Questions to the name server, by type and result.",
    by: ["type", "result"],
  },
  plugin: { help: "What plugins did, by plugin and event.", by: BY_REASON },
  plugin_failed: { help: "Failures of plugins, by plugin.", by: BY_REASON },
});

/**
 * Puts the figures of the signalling isolate into metrics.
 *
 * @param signalling what it told
 * @returns the metrics, in a fixed order
 */
export function sipFamilies(signalling: SignallingStatistics): readonly MetricFamily[] {
  const { counters, messages } = signalling;
  const families = [
    counter(
      "sip_messages",
      "SIP messages by direction, side, transport, and method or class of status.",
      messages.map(messageSample),
    ),
    gauge("sip_waiting", "SIP messages that wait for a name or for media ports.", [
      { value: signalling.waitingMessages },
    ]),
  ];
  for (const [name, text] of Object.entries(COUNTERS)) {
    if (text === undefined) continue;
    const samples = samplesOf(name, { counters, labels: text.by ?? BY_REASON });
    const none = text.by === undefined ? [{ value: 0 }] : [];
    families.push(counter(name, text.help, samples.length === 0 ? none : samples));
  }
  return families;
}

function messageSample({ dir, side, transport, kind, count }: MessageCount): MetricSample {
  const what = /^\dxx$/.test(kind) ? { class: kind } : { method: kind };
  return { labels: { dir, side, transport, ...what }, value: count };
}

/** Counters are kept as `name` or `name{reason}`; a reason has a word for each label, and the last label takes the rest. */
function samplesOf(
  name: string,
  what: { readonly counters: ReadonlyMap<string, number>; readonly labels: readonly string[] },
): readonly MetricSample[] {
  const samples: MetricSample[] = [];
  for (const [key, value] of what.counters) {
    if (key === name) samples.push({ value });
    if (!key.startsWith(`${name}{`)) continue;
    const words = key.slice(name.length + 1, -1).split(" ");
    const pairs = what.labels.map((label, at) =>
      [
        label,
        at === what.labels.length - 1 ? words.slice(at).join(" ") : words[at] ?? "",
      ] as const
    );
    samples.push({ labels: Object.fromEntries(pairs), value });
  }
  return samples;
}
