import type { RegistrationFiles } from "../../src/shell/files/registration_files.ts";

/** A disk in memory that notes each operation and fails when told. */
export class FakeDisk implements RegistrationFiles {
  readonly contents: Map<string, Uint8Array> = new Map();
  readonly operations: string[] = [];
  fails: (operation: string) => boolean = () => false;
  /** Writes wait for it. */
  gate: Promise<void> = Promise.resolve();
  /** Most writes that were under way at once. */
  mostWrites = 0;
  #writes = 0;

  realPath(path: string): Promise<string> {
    return Promise.resolve(path);
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#do(`read ${path}`, () => this.contents.get(path));
  }

  async writeSynced(path: string, data: Uint8Array): Promise<void> {
    this.mostWrites = Math.max(this.mostWrites, ++this.#writes);
    await this.gate;
    this.#writes--;
    await this.#do(`write ${path}`, () => this.contents.set(path, data));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#do(`rename ${from} ${to}`, () => {
      const data = this.contents.get(from);
      if (data !== undefined) this.contents.set(to, data);
      this.contents.delete(from);
    });
  }

  async remove(path: string): Promise<void> {
    await this.#do(`remove ${path}`, () => this.contents.delete(path));
  }

  async syncFolder(path: string): Promise<void> {
    await this.#do(`sync ${path}`, () => undefined);
  }

  /** URIs of the phones in a file. */
  phones(path = "/var/reg"): readonly string[] {
    const text = new TextDecoder().decode(this.contents.get(path));
    return text.split("\n").filter((line) => /^sip:[a-z0-9]+@10\./.test(line));
  }

  #do<Value>(operation: string, act: () => Value): Promise<Value> {
    this.operations.push(operation);
    if (this.fails(operation)) return Promise.reject(new Error("No space left on device"));
    return Promise.resolve(act());
  }
}
