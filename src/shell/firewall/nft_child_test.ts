import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { FakeNft, type FakeReaction } from "../../../tests/support/fake_nft.ts";
import { NftChild, type NftChildOptions } from "./nft_child.ts";

const TABLE = "table inet t {\n\tset live4 {\n\t}\n}\n";

/** A child over a fake nft, and what its owner heard. */
function start(
  react?: (line: string) => FakeReaction,
  options: Partial<NftChildOptions> = {},
): { readonly child: NftChild; readonly nft: FakeNft; readonly ends: readonly string[] } {
  const nft = new FakeNft(react);
  const ends: string[] = [];
  const child = new NftChild(nft, { onEnd: (words) => ends.push(words), ...options });
  return { child, nft, ends };
}

function reactTo(line: string): FakeReaction {
  if (line.startsWith("delete")) return { kind: "complain", text: `Error: ${line}` };
  if (line.startsWith("list")) return { kind: "list", text: TABLE };
  return { kind: "obey" };
}

Deno.test("NftChild.send() tells lines that were obeyed from others, in their order", async () => {
  const { child, nft } = start(reactTo);
  const answers = await Promise.all(["add 1", "delete 2", "add 3"].map((line) => child.send(line)));
  await child.close();
  deepStrictEqual(answers, [
    { ok: true, value: "" },
    { ok: false, error: "Error: delete 2" },
    { ok: true, value: "" },
  ]);
  deepStrictEqual(nft.lines, ["add 1", "delete 2", "add 3"]);
});

Deno.test("NftChild.send() gives a listing, whichever pipe is faster", async () => {
  const { child } = start(reactTo);
  const listing = await child.send("list table inet t", "listing");
  const after = await child.send("add 1");
  await child.close();
  deepStrictEqual(listing, { ok: true, value: TABLE });
  deepStrictEqual(after, { ok: true, value: "" });
});

Deno.test("NftChild tells its owner when nft ends, and everybody who waits", async () => {
  const { child, ends } = start((line) =>
    line === "add 2" ? { kind: "end", text: "Error: gone" } : { kind: "obey" }
  );
  const answers = await Promise.all(["add 1", "add 2", "add 3"].map((line) => child.send(line)));
  const later = await child.send("add 4");
  deepStrictEqual(answers, [
    { ok: true, value: "" },
    { ok: false, error: "nft ended: Error: gone" },
    { ok: false, error: "nft ended" },
  ]);
  deepStrictEqual([later, ends], [{ ok: false, error: "nft does not run" }, ["Error: gone"]]);
});

Deno.test("NftChild kills an nft that does not answer", async () => {
  const { child, nft, ends } = start(() => ({ kind: "hang" }), { answerTimeoutMs: 5 });
  const answer = await child.send("add 1");
  deepStrictEqual(answer, { ok: false, error: "nft ended: without a word" });
  deepStrictEqual([nft.signals, ends], [["SIGKILL"], [""]]);
});

Deno.test("NftChild.close() is no end that its owner hears of", async () => {
  const { child, nft, ends } = start();
  await child.send("add 1");
  await child.close();
  deepStrictEqual([nft.signals, ends], [[], []]);
});

Deno.test("NftChild.send() refuses when too many lines wait", async () => {
  const { child, nft } = start();
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, index) => child.send(`add ${index}`)),
  );
  await child.close();
  const refused = answers.filter((answer) => !answer.ok);
  strictEqual(refused.length, 43);
  strictEqual(nft.lines.length, 257);
  match(JSON.stringify(refused[0]), /256 lines wait for nft already/);
});
