import type { SrvRecord } from "./dns_record.ts";

/** Records of one name looked at: real domains have a handful, and the draw is quadratic. */
export const MAX_SRV_RECORDS = 32;

/**
 * Puts SRV records into the order to try: priorities ascending, inside a priority a weighted draw (RFC 2782).
 *
 * @param records as the name server gave them; those that say "no such service" are left out
 * @param random gives a number from 0 up to, not including, 1 each time it is called
 * @returns a new list, best first
 * @example One server and its spare
 * ```ts
 * import { orderSrv } from "./srv_order.ts";
 * const main = { priority: 1, weight: 0, port: 5060, target: "a.example" };
 * const spare = { priority: 2, weight: 0, port: 5060, target: "b.example" };
 * if (orderSrv([spare, main], () => 0)[0] !== main) throw new Error("unexpected");
 * ```
 */
export function orderSrv(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const groups = new Map<number, SrvRecord[]>();
  for (const record of records.slice(0, MAX_SRV_RECORDS)) {
    if (record.target === "" || record.target === ".") continue;
    const group = groups.get(record.priority);
    if (group === undefined) groups.set(record.priority, [record]);
    else group.push(record);
  }
  const priorities = [...groups.keys()].sort((left, right) => left - right);
  return priorities.flatMap((priority) => drawByWeight(groups.get(priority) ?? [], random));
}

/**
 * Draws one record after the other: those of weight 0 stand first, so that they are taken only when the number drawn
 * is 0 or nothing else is left (RFC 2782, "Weight").
 */
function drawByWeight(group: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const left = [...group].sort((one, other) => Number(one.weight > 0) - Number(other.weight > 0));
  const drawn: SrvRecord[] = [];
  while (left.length > 1) {
    const total = left.reduce((sum, record) => sum + record.weight, 0);
    const mark = Math.floor(random() * (total + 1));
    let sum = 0;
    const index = left.findIndex((record) => (sum += record.weight) >= mark);
    drawn.push(...left.splice(Math.max(index, 0), 1));
  }
  return [...drawn, ...left];
}
