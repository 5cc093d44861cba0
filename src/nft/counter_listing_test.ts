import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { CounterListing, payloadCount, readCounters, readSum } from "./counter_listing.ts";

/** As nft 1.0.6 writes it. */
const LISTING = `table ip siproxd_1 {
	map dp {
		typeof ip saddr . udp sport . udp dport : udp dport
		counter
		elements = { 10.0.0.1 . 4000 . 7070 counter packets 12 bytes 2400 : 5000,
			     198.51.100.9 . 5000 . 7072 counter packets 0 bytes 0 : 4000 }
	}
}
`;

const COUNTS = new Map([
  ["10.0.0.1 . 4000 . 7070", { packets: 12, bytes: 2400 }],
  ["198.51.100.9 . 5000 . 7072", { packets: 0, bytes: 0 }],
]);

/** The same of another nft: header comments, other breaks, another order of key and counter. */
const OTHER = `table ip6 siproxd_1 { # progname nft
	flags owner

	map sp {
		type ipv6_addr . inet_service . ipv6_addr . inet_service : inet_service
		counter
		elements = { 2001:db8::2 . 4000 . 2001:db8:2::9 . 5000 counter packets 7 bytes 1500 : 7072, 2001:db8::3 . 4000 . 2001:db8:2::9 . 5000 counter packets 8 bytes 1600 : 7074 }
	}
}
`;

Deno.test("readCounters() reads elements, keys as pathKey() writes them", () => {
  deepStrictEqual(readCounters(LISTING), COUNTS);
});

Deno.test("readCounters() reads IPv6, and elements in one line", () => {
  deepStrictEqual(
    readCounters(OTHER),
    new Map([
      ["2001:db8::2 . 4000 . 2001:db8:2::9 . 5000", { packets: 7, bytes: 1500 }],
      ["2001:db8::3 . 4000 . 2001:db8:2::9 . 5000", { packets: 8, bytes: 1600 }],
    ]),
  );
});

Deno.test("CounterListing reads the same wherever its text is cut", () => {
  for (let at = 0; at <= LISTING.length; at++) {
    const listing = new CounterListing();
    listing.feed(LISTING.slice(0, at));
    listing.feed(LISTING.slice(at));
    deepStrictEqual(listing.end(), COUNTS, `cut at ${at}`);
  }
});

Deno.test("CounterListing reads the same byte by byte", () => {
  const listing = new CounterListing();
  for (const character of LISTING) listing.feed(character);
  deepStrictEqual(listing.end(), COUNTS);
});

const empty: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a map without elements", "table ip t {\n\tmap dp {\n\t\tcounter\n\t}\n}\n"],
  ["elements without counters", "elements = { 10.0.0.1 . 4000 . 7070 : 5000 }"],
  ["a number of twenty digits", `elements = { 1 counter packets ${"9".repeat(20)} bytes 1 : 2 }`],
  ["an error", "Error: Could not process rule: No such file or directory"],
];

for (const [what, text] of empty) {
  Deno.test(`readCounters() finds none in ${what}`, () => {
    deepStrictEqual(readCounters(text), new Map());
  });
}

Deno.test("CounterListing keeps little of a text that is no listing", () => {
  const listing = new CounterListing();
  for (let turn = 0; turn < 100; turn++) listing.feed("x".repeat(10_000));
  listing.feed(`,${LISTING.split("{").at(-1)}`);
  deepStrictEqual([...listing.end().values()], [...COUNTS.values()]);
});

Deno.test("readSum() reads a counter", () => {
  const text = "table ip t {\n\tcounter arrived {\n\t\tpackets 21 bytes 4200\n\t}\n}\n";
  deepStrictEqual(readSum(text), { packets: 21, bytes: 4200 });
  deepStrictEqual(readSum(""), { packets: 0, bytes: 0 });
});

Deno.test("payloadCount() takes IP and UDP headers off", () => {
  deepStrictEqual(payloadCount({ packets: 10, bytes: 2000 }, 4), { packets: 10, bytes: 1720 });
  deepStrictEqual(payloadCount({ packets: 10, bytes: 2000 }, 6), { packets: 10, bytes: 1520 });
  strictEqual(payloadCount({ packets: 10, bytes: 0 }, 4).bytes, 0);
});
