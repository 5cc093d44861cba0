import { ok, type Result } from "../../src/base/result.ts";
import type { NftProcess } from "../../src/shell/firewall/nft_child.ts";

/** What a fake nft does with a line: obeys, complains, lists, stays silent for ever, or ends. */
export type FakeReaction =
  | { readonly kind: "obey" }
  | { readonly kind: "complain"; readonly text: string }
  | { readonly kind: "list"; readonly text: string }
  | { readonly kind: "hang" }
  | { readonly kind: "end"; readonly text: string };

/** An nft without a kernel: answers lines as it is told, in the way of `nft -i`. */
export class FakeNft implements NftProcess {
  /** Lines it got, sentinels left out. */
  readonly lines: string[] = [];
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly status: Promise<unknown>;
  /** Signals it was sent. */
  readonly signals: Deno.Signal[] = [];
  readonly #react: (line: string) => FakeReaction;
  readonly #ended = Promise.withResolvers<void>();
  readonly #controllers: ReadableStreamDefaultController<Uint8Array>[] = [];
  #rest = "";
  #state: "awake" | "hung" | "ended" = "awake";

  constructor(react: (line: string) => FakeReaction = () => ({ kind: "obey" })) {
    this.#react = react;
    this.status = this.#ended.promise;
    this.stdout = this.#source();
    this.stderr = this.#source();
    const decoder = new TextDecoder();
    this.stdin = new WritableStream({
      write: (bytes) => this.#take(decoder.decode(bytes, { stream: true })),
      close: () => this.end(),
    });
  }

  /** A spawn that always gives this one. */
  readonly spawn = (): Result<NftProcess> => ok(this);

  /** Ends it, as a signal does. */
  kill(signal: Deno.Signal): void {
    this.signals.push(signal);
    this.end();
  }

  /** Ends it, with last words. */
  end(text = ""): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#write(1, text);
    for (const controller of this.#controllers) controller.close();
    this.#ended.resolve();
  }

  #source(): ReadableStream<Uint8Array> {
    return new ReadableStream({ start: (controller) => void this.#controllers.push(controller) });
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#obey(line);
  }

  #obey(line: string): void {
    if (this.#state !== "awake") return;
    if (/^sync\d+!$/.test(line)) {
      return this.#write(1, `Error: syntax error, unexpected !\n${line}\n     ^\n`);
    }
    this.lines.push(line);
    const reaction = this.#react(line);
    switch (reaction.kind) {
      case "obey":
        return;
      case "complain":
        return this.#write(1, `${reaction.text}\n${line}\n   ^^^\n`);
      case "list":
        return this.#write(0, reaction.text);
      case "hang":
        this.#state = "hung";
        return;
      case "end":
        this.end(reaction.text);
    }
  }

  #write(to: 0 | 1, text: string): void {
    if (text !== "") this.#controllers[to]?.enqueue(new TextEncoder().encode(text));
  }
}
