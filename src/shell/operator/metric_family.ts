import type { MetricFamily, MetricSample } from "../../metrics/prometheus_text.ts";

/**
 * Makes a metric that goes up and down.
 *
 * @param name without the program's name
 * @param help one sentence
 * @param samples its values
 * @returns the metric
 */
// deno-lint-ignore house/max-parameters -- a table of metrics reads (name, help, samples)
export function gauge(
  name: string,
  help: string,
  samples: readonly MetricSample[],
): MetricFamily {
  return { name: `siproxd_${name}`, help, type: "gauge", samples };
}

/**
 * Makes a metric that only grows.
 *
 * @param name without the program's name and `_total`
 * @param help one sentence
 * @param samples its values
 * @returns the metric
 */
// deno-lint-ignore house/max-parameters -- a table of metrics reads (name, help, samples)
export function counter(
  name: string,
  help: string,
  samples: readonly MetricSample[],
): MetricFamily {
  return { name: `siproxd_${name}_total`, help, type: "counter", samples };
}
