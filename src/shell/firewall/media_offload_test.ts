import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outgoingPath, outgoingPath6, reversePath } from "../../../tests/support/media_paths.ts";
import {
  handOver,
  openMediaOffload,
  reports,
  takeBack,
} from "../../../tests/support/offload_bench.ts";
import type { MediaPath } from "../../base/media_path.ts";

Deno.test("MediaOffload.open() makes a table for each family and is ready", async () => {
  const { offload, kernel, told } = await openMediaOffload({ families: [4, 6] });
  strictEqual(offload.isUp, true);
  await offload.close();
  strictEqual(offload.isUp, false);
  deepStrictEqual(kernel.nft.lines.map((line) => line.slice(0, 12)), [
    "table ip t {",
    "table ip6 t ",
  ]);
  deepStrictEqual(told, [{ kind: "ready" }]);
});

Deno.test("MediaOffload hands both directions over in one line and says when", async () => {
  const opened = await openMediaOffload();
  await handOver(opened, [1, outgoingPath()], [2, reversePath(outgoingPath())]);
  deepStrictEqual(reports(opened), [{ kind: "handed", pathIds: [1, 2] }]);
  deepStrictEqual(opened.kernel.keys("da").length, 2);
  strictEqual(opened.kernel.nft.lines.length, 2);
  await opened.offload.close();
});

Deno.test("MediaOffload takes back, then tells the last figures, then forgets", async () => {
  const opened = await openMediaOffload();
  const path = outgoingPath();
  await handOver(opened, [1, path]);
  opened.kernel.pass(path, 10);
  await takeBack(opened, 1);
  deepStrictEqual(reports(opened).slice(1), [
    { kind: "taken", pathIds: [1] },
    { kind: "counted", counts: [{ pathId: 1, packets: 10, bytes: 1720 }] },
    { kind: "forgotten", pathIds: [1] },
  ]);
  strictEqual(opened.kernel.elements.size, 0);
  await opened.offload.close();
});

Deno.test("MediaOffload takes back at once what has not been handed over yet", async () => {
  const opened = await openMediaOffload();
  const path = { pathId: 1, path: outgoingPath() };
  opened.offload.hear({ kind: "hand-over", paths: [path] });
  opened.offload.hear({ kind: "take-back", pathIds: [1] });
  await opened.offload.settled();
  deepStrictEqual(reports(opened), [
    { kind: "taken", pathIds: [1] },
    { kind: "forgotten", pathIds: [1] },
  ]);
  strictEqual(opened.kernel.nft.lines.length, 1);
  await opened.offload.close();
});

Deno.test("MediaOffload takes the same path again after it was forgotten", async () => {
  const opened = await openMediaOffload();
  await handOver(opened, [1, outgoingPath()]);
  opened.offload.hear({ kind: "take-back", pathIds: [1] });
  await handOver(opened, [2, outgoingPath()]);
  deepStrictEqual(reports(opened).filter(({ kind }) => kind !== "counted"), [
    { kind: "handed", pathIds: [1] },
    { kind: "taken", pathIds: [1] },
    { kind: "forgotten", pathIds: [1] },
    { kind: "handed", pathIds: [2] },
  ]);
  strictEqual(opened.kernel.keys("da").length, 1);
  await opened.offload.close();
});

Deno.test("MediaOffload refuses a second path for the same packets", async () => {
  const opened = await openMediaOffload();
  await handOver(opened, [1, outgoingPath()]);
  await handOver(opened, [2, outgoingPath()]);
  deepStrictEqual(reports(opened).at(-1), { kind: "refused", pathIds: [2] });
  await opened.offload.close();
});

const strange: readonly (readonly [string, MediaPath])[] = [
  ["a family that the machine does not forward", outgoingPath6()],
  ["two families", { ...outgoingPath(), target: outgoingPath6().target }],
];

for (const [what, path] of strange) {
  Deno.test(`MediaOffload refuses a path of ${what}`, async () => {
    const opened = await openMediaOffload();
    await handOver(opened, [1, path]);
    deepStrictEqual(reports(opened), [{ kind: "refused", pathIds: [1] }]);
    await opened.offload.close();
  });
}

Deno.test("MediaOffload gives a path that nft refuses back, and hands the others over", async () => {
  const opened = await openMediaOffload();
  opened.kernel.refuses = (line) =>
    line.startsWith("add") && line.includes("4004") ? "File exists" : undefined;
  await handOver(opened, [1, outgoingPath()], [2, outgoingPath(1)]);
  deepStrictEqual(reports(opened), [
    { kind: "handed", pathIds: [1] },
    { kind: "refused", pathIds: [2] },
  ]);
  deepStrictEqual(opened.logs, ["Cannot hand media to the kernel: Error: File exists"]);
  await opened.offload.close();
});

Deno.test("MediaOffload counts on request, also nothing", async () => {
  const opened = await openMediaOffload();
  await opened.offload.count();
  await handOver(opened, [1, outgoingPath()]);
  await opened.offload.count();
  opened.kernel.pass(outgoingPath(), 5);
  await opened.offload.count();
  opened.offload.hear({ kind: "count" });
  await opened.offload.settled();
  deepStrictEqual(reports(opened).slice(1), [
    { kind: "counted", counts: [] },
    { kind: "counted", counts: [{ pathId: 1, packets: 5, bytes: 860 }] },
    { kind: "counted", counts: [] },
  ]);
  await opened.offload.close();
});
