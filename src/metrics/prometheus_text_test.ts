import { strictEqual } from "node:assert/strict";
import { prometheusText } from "./prometheus_text.ts";

Deno.test("prometheusText() writes HELP, TYPE and a line for each sample", () => {
  strictEqual(
    prometheusText([
      { name: "a_total", help: "Things.", type: "counter", samples: [{ value: 3 }] },
      {
        name: "b",
        help: "More.",
        type: "gauge",
        samples: [
          { labels: { side: "lan", kind: "x" }, value: 0.5 },
          { labels: { side: "wan" }, value: -1 },
        ],
      },
    ]),
    "# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n" +
      '# HELP b More.\n# TYPE b gauge\nb{side="lan",kind="x"} 0.5\nb{side="wan"} -1\n',
  );
});

Deno.test("prometheusText() announces a metric that has no sample yet", () => {
  strictEqual(
    prometheusText([{ name: "a_total", help: "Things.", type: "counter", samples: [] }]),
    "# HELP a_total Things.\n# TYPE a_total counter\n",
  );
});

Deno.test("prometheusText() writes a histogram with its last bucket, sum and count", () => {
  const histogram = {
    buckets: [{ atMost: 0.5, count: 1 }, { atMost: 2, count: 3 }],
    sum: 7.5,
    count: 4,
  };
  strictEqual(
    prometheusText([{ name: "s", help: "H.", type: "histogram", histograms: [{ histogram }] }]),
    '# HELP s H.\n# TYPE s histogram\ns_bucket{le="0.5"} 1\ns_bucket{le="2"} 3\n' +
      's_bucket{le="+Inf"} 4\ns_sum 7.5\ns_count 4\n',
  );
});

Deno.test("prometheusText() puts a histogram's labels before that of its buckets", () => {
  const histogram = { buckets: [{ atMost: 1, count: 1 }], sum: 1, count: 1 };
  const histograms = [{ labels: { dir: "x" }, histogram }];
  strictEqual(
    prometheusText([{ name: "s", help: "H.", type: "histogram", histograms }]),
    '# HELP s H.\n# TYPE s histogram\ns_bucket{dir="x",le="1"} 1\n' +
      's_bucket{dir="x",le="+Inf"} 1\ns_sum{dir="x"} 1\ns_count{dir="x"} 1\n',
  );
});

Deno.test("prometheusText() escapes what would end a label or a line (R25)", () => {
  strictEqual(
    prometheusText([{
      name: "a",
      help: "back\\slash\nline",
      type: "gauge",
      samples: [{ labels: { l: 'a"b\\c\nd' }, value: 1 }],
    }]),
    '# HELP a back\\\\slash\\nline\n# TYPE a gauge\na{l="a\\"b\\\\c\\nd"} 1\n',
  );
});
