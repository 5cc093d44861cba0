import { deepStrictEqual } from "node:assert/strict";
import { at } from "../../tests/support/media_paths.ts";
import { announce, openStream, relayTable } from "../../tests/support/relay_lines.ts";
import { FORWARD } from "./verdict.ts";

Deno.test("RelayTable.addRelayed() enters what the kernel counted at a live stream", () => {
  const table = relayTable();
  const { lan } = openStream(table, { streamId: 1 });
  table.addRelayed(lan.rtp, { packets: 10, bytes: 1720, atMs: 7000 });
  table.addRelayed(lan.rtp, { packets: 1, bytes: 172, atMs: 6000 });
  table.addRelayed(lan.rtcp, { packets: 2, bytes: 100, atMs: 9000 });
  deepStrictEqual(
    [lan.rtp.packets, lan.rtp.bytes, lan.rtp.verdicts[FORWARD], lan.rtp.lastPacketAtMs],
    [11, 1892, 11, 7000],
  );
  deepStrictEqual([lan.rtcp.packets, lan.rtcp.lastPacketAtMs], [2, 0]);
  deepStrictEqual(table.totals().from.lan, { packets: 13, bytes: 1992 });
});

Deno.test("RelayTable.addRelayed() keeps the sums of a stream that is over", () => {
  const table = relayTable();
  const { wan } = openStream(table, { streamId: 1 });
  table.end(1, "closed");
  openStream(table, { streamId: 1 });
  table.addRelayed(wan.rtp, { packets: 10, bytes: 1720, atMs: 7000 });
  const { packets, bytes, from } = table.totals();
  deepStrictEqual([packets, bytes, from.wan], [10, 1720, { packets: 10, bytes: 1720 }]);
});

Deno.test("RelayTable.hasJoins is true while a party is one of our own ports", () => {
  const table = relayTable();
  openStream(table, { streamId: 1 });
  deepStrictEqual(table.hasJoins, false);
  announce(table, { streamId: 1, side: "wan", rtp: at("203.0.113.1", 7080) });
  deepStrictEqual(table.hasJoins, true);
  table.end(1, "closed");
  deepStrictEqual(table.hasJoins, false);
});
