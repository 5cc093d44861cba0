/** One `== kind words` section of a case file with the lines below it. */
export interface Section {
  /** First word after `==`: set, own, hosts, in, advance, expire, or an output kind. */
  readonly kind: string;
  /** The other words of that line. */
  readonly words: string;
  /** Text below it, line ends as LF. */
  readonly text: string;
}

/** A case: what is done, and what came out of each step. */
export interface CaseFile {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** Sections that a person writes; all others are what the core made of them. */
export const INPUT_KINDS: ReadonlySet<string> = new Set([
  "set",
  "own",
  "host",
  "pairs",
  "passwords",
  "in",
  "stream",
  "close",
  "undelivered",
  "unreachable",
  "advance",
  "expire",
  "note",
]);

/** Reads a case file. */
export function parseCase(text: string): CaseFile {
  const [head = "", ...blocks] = `\n${text}`.split("\n== ");
  const sections = blocks.map((block) => {
    const lineEnd = block.indexOf("\n");
    const line = lineEnd < 0 ? block : block.slice(0, lineEnd);
    const [kind = "", ...words] = line.trim().split(" ");
    return { kind, words: words.join(" "), text: lineEnd < 0 ? "" : block.slice(lineEnd + 1) };
  });
  return { title: head.trim(), sections };
}

/** Writes a case file; the reverse of {@linkcode parseCase}. */
export function formatCase(file: CaseFile): string {
  const blocks = file.sections.map(({ kind, words, text }) => {
    const line = words === "" ? `== ${kind}` : `== ${kind} ${words}`;
    const body = text.replace(/\n+$/, "");
    return body === "" ? `${line}\n` : `${line}\n${body}\n`;
  });
  return `${file.title}\n\n${blocks.join("\n")}`;
}
