import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/address.ts";
import {
  FakeKernel,
  outgoingPath,
  outgoingPath6,
  reversePath,
} from "../../../tests/support/media_paths.ts";
import {
  handOver,
  NEVER_MS,
  openMediaOffload,
  PLAN,
  reports,
  takeBack,
} from "../../../tests/support/offload_bench.ts";
import { MediaOffload } from "./media_offload.ts";
import { NftHost } from "./nft_host.ts";

Deno.test("MediaOffload takes back what enters and does not leave, says once what to add", async () => {
  const opened = await openMediaOffload({ firstCheckMs: 1 });
  const { kernel, offload, logs, wait } = opened;
  kernel.chains = "table inet f {\n\tchain forward {\n" +
    "\t\ttype filter hook forward priority filter; policy drop;\n\t}\n";
  const path = outgoingPath();
  await handOver(opened, [1, path], [2, reversePath(path)]);
  kernel.swallow(path, 10);
  kernel.pass(reversePath(path), 10);
  await wait("forgotten");
  deepStrictEqual(opened.told.find(({ kind }) => kind === "taken"), {
    kind: "taken",
    pathIds: [1],
  });
  strictEqual(logs.length, 1);
  match(
    logs[0] ?? "",
    /^Media from 10\.0\.0\.1 to 203\.0\.113\.1 enters .*nft insert rule inet f forward meta/,
  );
  await handOver(opened, [3, outgoingPath(1)], [4, reversePath(outgoingPath(1))]);
  deepStrictEqual(opened.told.filter(({ kind }) => kind === "refused" || kind === "handed"), [
    { kind: "handed", pathIds: [1, 2] },
    { kind: "refused", pathIds: [3] },
    { kind: "handed", pathIds: [4] },
  ]);
  await offload.close();
});

Deno.test("MediaOffload blocks one peer only, where others of the same direction live", async () => {
  const opened = await openMediaOffload({ firstCheckMs: 1 });
  const local = {
    ...outgoingPath(1),
    target: { ...outgoingPath(1).target, address: ip("9.9.9.9") },
  };
  await handOver(opened, [1, outgoingPath()], [2, local]);
  opened.kernel.pass(outgoingPath(), 10);
  opened.kernel.swallow(local, 10);
  await opened.wait("forgotten");
  await handOver(opened, [3, outgoingPath(2)]);
  deepStrictEqual(opened.told.filter(({ kind }) => kind !== "counted").slice(1), [
    { kind: "handed", pathIds: [1, 2] },
    { kind: "taken", pathIds: [2] },
    { kind: "forgotten", pathIds: [2] },
    { kind: "handed", pathIds: [3] },
  ]);
  await opened.offload.close();
});

Deno.test("MediaOffload leaves calls alone whose packets arrive", async () => {
  const opened = await openMediaOffload({ firstCheckMs: 1 });
  await handOver(opened, [1, outgoingPath()]);
  opened.kernel.pass(outgoingPath(), 100);
  while (!opened.kernel.nft.lines.some((line) => line.startsWith("reset counter ip t left"))) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await opened.offload.settled();
  deepStrictEqual(reports(opened), [{ kind: "handed", pathIds: [1] }]);
  await opened.offload.close();
});

Deno.test("MediaOffload holds redirects to the phones of a local call back, and says so once", async () => {
  const opened = await openMediaOffload();
  const path = outgoingPath();
  const local = { ...path, departure: { ...path.departure, address: path.arrival.address } };
  await handOver(opened, [1, local]);
  await handOver(opened, [2, reversePath(local)]);
  const quiet = opened.kernel.nft.lines.filter((line) => line.includes(" quiet "));
  deepStrictEqual(quiet.slice(1), [
    "add element ip t quiet { 10.0.0.2 }",
    "add element ip t quiet { 198.51.100.9 }",
  ]);
  match(opened.logs[0] ?? "", /^A local call is relayed by the kernel: ICMP redirects .*held back/);
  await opened.offload.close();
});

Deno.test("MediaOffload tells when nft is gone, and takes paths again when it is back", async () => {
  const kernels = [new FakeKernel(), new FakeKernel()];
  const opened = await openMediaOffload({ kernels });
  await handOver(opened, [1, outgoingPath()]);
  kernels[0]?.nft.end();
  await opened.wait("gone");
  await handOver(opened, [2, outgoingPath(1)]);
  while (!opened.offload.isUp) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 1));
  await handOver(opened, [3, outgoingPath()]);
  deepStrictEqual(opened.told, [
    { kind: "ready" },
    { kind: "handed", pathIds: [1] },
    { kind: "gone" },
    { kind: "refused", pathIds: [2] },
    { kind: "ready" },
    { kind: "handed", pathIds: [3] },
  ]);
  strictEqual(kernels[1]?.keys("da").length, 1);
  await opened.offload.close();
});

Deno.test("MediaOffload gives its table up rather than a path that cannot be taken back", async () => {
  const opened = await openMediaOffload();
  await handOver(opened, [1, outgoingPath()]);
  opened.kernel.refuses = (line) => line.startsWith("delete") ? "Cannot allocate" : undefined;
  await takeBack(opened, 1);
  await opened.wait("gone");
  deepStrictEqual(opened.kernel.nft.signals, ["SIGKILL"]);
  match(
    opened.logs[0] ?? "",
    /^Cannot take media back from the kernel, or count it: Error: Cannot/,
  );
  await opened.offload.close();
});

Deno.test("MediaOffload.restart() forgets the paths of a media isolate that died", async () => {
  const opened = await openMediaOffload();
  await handOver(opened, [1, outgoingPath()], [2, reversePath(outgoingPath())]);
  opened.offload.restart(0);
  await opened.offload.settled();
  strictEqual(opened.kernel.elements.size, 0);
  deepStrictEqual(reports(opened)[1], { kind: "ready", worker: 0 });
  await opened.offload.close();
});

Deno.test("MediaOffload.replan() keeps the ports of calls that are up", async () => {
  const { offload, kernel } = await openMediaOffload();
  await offload.replan({ ...PLAN, portLow: 8000, portHigh: 8999, dscp: 46 }, NEVER_MS);
  await offload.replan({ ...PLAN, portLow: 8000, portHigh: 8999, dscp: 46 }, NEVER_MS);
  await offload.close();
  strictEqual(kernel.nft.lines.length, 2);
  match(kernel.nft.lines[1] ?? "", /^flush chain ip t pre; .*udp dport 7070-8999 .*dscp set 46/);
});

Deno.test("MediaOffload.open() gives the reason where no table can be made", async () => {
  const kernel = new FakeKernel();
  kernel.refuses = () => "Operation not supported";
  const offload = new MediaOffload({
    host: new NftHost({ spawn: kernel.nft.spawn, onLog: () => {} }),
    plan: PLAN,
    families: [4, 6],
    countIntervalMs: NEVER_MS,
    tell: () => {},
    onLog: () => {},
  });
  deepStrictEqual(await offload.open(), { ok: false, error: "Error: Operation not supported" });
  await offload.close();
});

Deno.test("MediaOffload relays IPv4 on a kernel without IPv6", async () => {
  const kernel = new FakeKernel();
  kernel.refuses = (line) => line.startsWith("table ip6") ? "Operation not supported" : undefined;
  const opened = await openMediaOffload({ families: [4, 6], kernels: [kernel] });
  await handOver(opened, [1, outgoingPath()], [2, outgoingPath6()]);
  deepStrictEqual(reports(opened), [
    { kind: "refused", pathIds: [2] },
    { kind: "handed", pathIds: [1] },
  ]);
  await opened.offload.close();
});
