import { deepStrictEqual, throws } from "node:assert/strict";
import { FLAG, integer, OLD_FLAG, section } from "./directive.ts";
import { reads, readsOddly, refuses } from "./reading.ts";

Deno.test("reads() has a value and nothing to say", () => {
  deepStrictEqual(reads(0), { value: 0, remarks: [] });
  deepStrictEqual(reads(""), { value: "", remarks: [] });
});

Deno.test("refuses() has no value and one error, at the start or further on", () => {
  const remark = { severity: "error", message: "Cannot read", offset: 0 };
  deepStrictEqual(refuses("Cannot read"), { value: undefined, remarks: [remark] });
  deepStrictEqual(refuses("Cannot read", 7), {
    value: undefined,
    remarks: [{ ...remark, offset: 7 }],
  });
});

Deno.test("readsOddly() has a value and one warning", () => {
  deepStrictEqual(readsOddly(3, "odd"), {
    value: 3,
    remarks: [{ severity: "warning", message: "odd", offset: 0 }],
  });
});

Deno.test("section() fills in the usual case and keeps what a row says", () => {
  deepStrictEqual(
    section("rtp", [
      { key: "a", type: FLAG, help: "A.", example: "1" },
      {
        key: "b",
        type: OLD_FLAG,
        help: "B.",
        example: "0",
        default: "1",
        repeat: "array",
        origin: "new",
      },
    ]),
    [
      {
        key: "a",
        group: "rtp",
        type: { kind: "flag", other: "refuse" },
        repeat: "scalar",
        defaultText: undefined,
        origin: "siproxd",
        help: "A.",
        example: "1",
      },
      {
        key: "b",
        group: "rtp",
        type: { kind: "flag", other: "on" },
        repeat: "array",
        defaultText: "1",
        origin: "new",
        help: "B.",
        example: "0",
      },
    ],
  );
});

Deno.test("section() and integer() give what nobody can change", () => {
  const [directive] = section("rtp", [{ key: "a", type: FLAG, help: "A.", example: "1" }]);
  throws(() => Object.assign(directive ?? {}, { key: "b" }), TypeError);
  throws(() => Object.assign(integer(0, { max: 3 }), { max: 4 }), TypeError);
});

Deno.test("integer() has its bounds, and a unit if one is given", () => {
  deepStrictEqual(integer(0, { max: 3 }), { kind: "integer", min: 0, max: 3 });
  deepStrictEqual(integer(1, { max: 65_535, unit: "port" }), {
    kind: "integer",
    min: 1,
    max: 65_535,
    unit: "port",
  });
});
