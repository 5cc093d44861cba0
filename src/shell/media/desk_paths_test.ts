import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openStream, relayTable } from "../../../tests/support/relay_lines.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";
import { type DeskPath, DeskPaths, release } from "./desk_paths.ts";

const { lan, wan } = openStream(relayTable());

function path(pathId: number, end: RelayEnd): DeskPath {
  return {
    pathId,
    end,
    outlet: end.outlet,
    text: "",
    streamIds: [0, 0],
    state: "kernel",
    aliveAtMs: 0,
    hasStranger: false,
    leftovers: [],
  };
}

Deno.test("DeskPaths finds a path by its ends and its number", () => {
  const paths = new DeskPaths();
  const [out, back] = [path(1, lan.rtp), path(2, wan.rtp)];
  paths.add(out);
  paths.add(back);
  deepStrictEqual([paths.at(lan.rtp), paths.get(2), paths.at(lan.rtcp)], [out, back, undefined]);
  deepStrictEqual(paths.open(), [out, back]);
  deepStrictEqual(paths.through([lan.rtp, wan.rtp, lan.rtcp]), [out, back]);
});

Deno.test("DeskPaths.close() keeps the number until it is forgotten, and a successor in its place", () => {
  const paths = new DeskPaths();
  const [old, young] = [path(1, lan.rtp), path(2, lan.rtp)];
  paths.add(old);
  paths.close(old);
  deepStrictEqual([paths.at(lan.rtp), paths.get(1)], [undefined, old]);
  paths.add(young);
  paths.close(old);
  strictEqual(paths.at(lan.rtp), young);
  paths.forget(1);
  deepStrictEqual([paths.get(1), paths.through([wan.rtp])], [undefined, [young]]);
  paths.clear();
  deepStrictEqual([paths.open(), paths.get(2)], [[], undefined]);
});

Deno.test("release() frees ports with the last path that used them, once", () => {
  let freed = 0;
  const leftover = { paths: 2, free: () => freed++ };
  const [out, back] = [path(1, lan.rtp), path(2, wan.rtp)];
  for (const one of [out, back]) one.leftovers.push(leftover);
  release(out);
  strictEqual(freed, 0);
  release(back);
  release(back);
  strictEqual(freed, 1);
});
