/** Ids by the second in which they are due: setting costs O(1), sweeping the ids that are due and the seconds gone by. */
export class ExpiryWheel {
  readonly #due = new Map<number, Set<string>>();
  readonly #secondOf = new Map<string, number>();
  #sweptSecond = -1;

  /** Sets when an id is due, in place of what was set before. */
  set(id: string, dueAtMs: number): void {
    this.delete(id);
    const second = Math.max(Math.ceil(dueAtMs / 1000), this.#sweptSecond + 1);
    this.#secondOf.set(id, second);
    const ids = this.#due.get(second);
    if (ids === undefined) this.#due.set(second, new Set([id]));
    else ids.add(id);
  }

  /** Forgets an id. */
  delete(id: string): void {
    const second = this.#secondOf.get(id);
    if (second === undefined) return;
    this.#secondOf.delete(id);
    const ids = this.#due.get(second);
    ids?.delete(id);
    if (ids?.size === 0) this.#due.delete(second);
  }

  /** Takes out every id whose time was over at `nowMs`, at the latest one second after it. */
  takeDue(nowMs: number): readonly string[] {
    const nowSecond = Math.floor(nowMs / 1000);
    if (nowSecond <= this.#sweptSecond) return [];
    const due = this.#dueSeconds(nowSecond).flatMap((second) => [...(this.#due.get(second) ?? [])]);
    for (const id of due) this.delete(id);
    this.#sweptSecond = nowSecond;
    return due;
  }

  /** After a long sleep there are more seconds gone by than seconds set. */
  #dueSeconds(nowSecond: number): readonly number[] {
    if (nowSecond - this.#sweptSecond > this.#due.size) {
      return [...this.#due.keys()].filter((second) => second <= nowSecond).sort((one, other) =>
        one - other
      );
    }
    const seconds: number[] = [];
    for (let second = this.#sweptSecond + 1; second <= nowSecond; second++) {
      if (this.#due.has(second)) seconds.push(second);
    }
    return seconds;
  }
}
