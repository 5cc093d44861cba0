import { deepStrictEqual, throws } from "node:assert/strict";
import { parsePrometheus } from "./prometheus_parser.ts";

const HEAD = "# HELP a A thing.\n# TYPE a gauge\n";
const COUNTER = "# HELP a_total A thing.\n# TYPE a_total counter\n";
const HISTOGRAM = "# HELP h A thing.\n# TYPE h histogram\n";

Deno.test("parsePrometheus() reads names, labels with escapes, and values", () => {
  const family = parsePrometheus(`${HEAD}a{l="x\\"y\\\\z\\n",m="2"} 1.5\na 2\n`).get("a");
  deepStrictEqual(family, {
    name: "a",
    help: "A thing.",
    type: "gauge",
    samples: [
      { name: "a", labels: { l: 'x"y\\z\n', m: "2" }, value: 1.5 },
      { name: "a", labels: {}, value: 2 },
    ],
  });
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["an open last line", `${HEAD}a 1`],
  ["no HELP", "# TYPE a gauge\na 1\n"],
  ["no TYPE", "# HELP a A thing.\na 1\n"],
  ["an empty HELP", "# HELP a \n# TYPE a gauge\n"],
  ["another name in TYPE", "# HELP a A thing.\n# TYPE b gauge\n"],
  ["an unknown type", "# HELP a A thing.\n# TYPE a number\n"],
  ["a counter without _total", "# HELP a A thing.\n# TYPE a counter\n"],
  ["a gauge with _total", "# HELP a_total A thing.\n# TYPE a_total gauge\n"],
  ["a negative counter", `${COUNTER}a_total -1\n`],
  ["a foreign sample", `${HEAD}b 1\n`],
  ["a name with a dash", "# HELP a-b A thing.\n# TYPE a-b gauge\n"],
  ["the same sample twice", `${HEAD}a{x="1",y="2"} 1\na{y="2",x="1"} 1\n`],
  ["the same metric twice", `${HEAD}${HEAD}`],
  ["a label twice", `${HEAD}a{x="1",x="2"} 1\n`],
  ["an open label", `${HEAD}a{x="1} 1\n`],
  ["an unknown escape", `${HEAD}a{x="\\t"} 1\n`],
  ["a value that is none", `${HEAD}a one\n`],
  ["an empty line", `${HEAD}\na 1\n`],
  ["a histogram without sum", `${HISTOGRAM}h_bucket{le="+Inf"} 1\nh_count 1\n`],
  ["a histogram without +Inf", `${HISTOGRAM}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`],
  [
    "buckets that shrink",
    `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
  ],
  [
    "buckets out of order",
    `${HISTOGRAM}h_bucket{le="2"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
  ],
  ["a count that differs", `${HISTOGRAM}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`],
];

for (const [what, text] of REFUSED) {
  Deno.test(`parsePrometheus() refuses ${what}`, () => {
    throws(() => parsePrometheus(text));
  });
}
