import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/address.ts";
import { DnsServer } from "../../../tests/support/dns_server.ts";
import type { HostAnswer } from "../../dns/host_query.ts";
import { HostTable } from "../../dns/host_table.ts";
import { askNameServer } from "./ask_name_server.ts";
import { addressQuery } from "./known_names.ts";
import { NameReport } from "./name_report.ts";
import { Resolver } from "./resolver.ts";

const FAILED: HostAnswer = { kind: "failed", reason: "no address" };

function found(text: string): HostAnswer {
  return {
    kind: "targets",
    targets: [{ peer: { address: ip(text), port: 5060 }, transport: undefined }],
  };
}

/** What is told of some outcomes, one after the other. */
function told(outcomes: readonly (readonly [HostAnswer, string?, string?])[]) {
  const report = new NameReport();
  return outcomes.map(([answer, advertised, name = "me.example"]) => {
    const address = advertised === undefined ? undefined : ip(advertised);
    const event = report.note({ name, answer, advertised: address });
    return event === undefined ? undefined : `${event.level} ${event.text}`;
  });
}

Deno.test("NameReport says the address of a name once, and again when it has another", () => {
  deepStrictEqual(
    told([
      [found("198.51.100.1"), "198.51.100.1"],
      [found("198.51.100.1"), "198.51.100.1"],
      [found("198.51.100.2"), "198.51.100.2"],
    ]),
    [
      "info host_outbound me.example is 198.51.100.1",
      undefined,
      "info host_outbound me.example is 198.51.100.2",
    ],
  );
});

Deno.test("NameReport warns once of a name that is not found, and says when it is", () => {
  const warning = 'warning Cannot resolve host_outbound "me.example": no address; peers outside ' +
    "are told 203.0.113.1 until it is found";
  deepStrictEqual(
    told([
      [FAILED, "203.0.113.1"],
      [FAILED, "203.0.113.1"],
      [found("198.51.100.1"), "198.51.100.1"],
      [{ kind: "unknown" }],
    ]),
    [
      warning,
      undefined,
      "info host_outbound me.example is 198.51.100.1",
      'warning Cannot resolve host_outbound "me.example": no answer from the name server; peers ' +
      "outside are told nothing until it is found",
    ],
  );
});

Deno.test("NameReport begins anew with another name", () => {
  deepStrictEqual(
    told([[FAILED, "203.0.113.1"], [FAILED, "203.0.113.1", "you.example"]])
      .map((text) => text?.slice(0, 49)),
    [
      'warning Cannot resolve host_outbound "me.example"',
      'warning Cannot resolve host_outbound "you.example'.slice(0, 49),
    ],
  );
});

Deno.test("NameReport.isLost after a look-up at a name server that has no such name", async () => {
  await using server = new DnsServer({ "A me.example": ["198.51.100.1"] });
  const table = new HostTable({ hosts: new Map() });
  const resolver = new Resolver({
    table,
    nowMs: () => 0,
    random: () => 0,
    ask: askNameServer(server.nameServer),
  });
  const report = new NameReport();
  strictEqual(report.isLost, false);
  for (const [name, isLost] of [["no.example", true], ["me.example", false]] as const) {
    await resolver.resolve(addressQuery(name));
    const answer = table.lookUp(addressQuery(name), 0);
    report.note({ name, answer, advertised: undefined });
    strictEqual(report.isLost, isLost, name);
  }
});
