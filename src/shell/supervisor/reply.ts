/** One answer that is waited for with a bound; askers that overlap share it. */
export class Reply<Value> {
  #waiting: PromiseWithResolvers<Value | undefined> | undefined;

  /** Waits for the next answer; undefined when the bound is over. */
  async wait(timeoutMs: number): Promise<Value | undefined> {
    const waiting = this.#waiting ??= Promise.withResolvers<Value | undefined>();
    const timer = setTimeout(() => this.#end(undefined), timeoutMs);
    const value = await waiting.promise;
    clearTimeout(timer);
    return value;
  }

  /** Whether anybody waits for it. */
  get isAwaited(): boolean {
    return this.#waiting !== undefined;
  }

  /** Hands the answer to who waits. */
  give(value: Value): void {
    this.#end(value);
  }

  #end(value: Value | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(value);
  }
}
