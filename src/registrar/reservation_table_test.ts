import assert from "node:assert/strict";
import { ALICE, bindingOf } from "../../tests/support/registrations.ts";
import { ReservationTable } from "./reservation_table.ts";

Deno.test("ReservationTable.hold() replaces what it held for the same phone", () => {
  const table = new ReservationTable();
  table.hold(ALICE, 0);
  const other = { ...ALICE, publicUri: "sip:alice@203.0.113.5" };
  table.hold(other, 10_000);
  assert.equal(table.size, 1);
  assert.deepEqual(table.byPublicKey("alice@192.0.2.1"), []);
  assert.deepEqual(table.byPublicKey("alice@203.0.113.5"), [other]);
  table.expire(33_000);
  assert.equal(table.size, 1);
  table.expire(42_000);
  assert.equal(table.size, 0);
});

Deno.test("ReservationTable.hold() keeps 20,000 phones and takes no further one", () => {
  const table = new ReservationTable();
  for (let number = 0; number < 20_001; number++) table.hold(bindingOf(`p${number}`), 0);
  assert.equal(table.size, 20_000);
  table.release("p0");
  table.release("p0");
  table.hold(bindingOf("later"), 0);
  assert.equal(table.size, 20_000);
  assert.equal(table.byAddressOfRecord(ALICE.addressOfRecord).at(-1)?.bindingId, "later");
});
