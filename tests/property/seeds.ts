import { decodeLatin1 } from "../../src/base/text.ts";
import { parseCase } from "../golden/case_file.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** One message of a golden case, as it arrives. */
export interface Arrived {
  readonly side: "lan" | "wan";
  /** `address:port` of its sender. */
  readonly source: string;
  readonly text: string;
}

function filesOf(folder: string): readonly string[] {
  const url = new URL(`${folder}/`, FIXTURES);
  const names = [...Deno.readDirSync(url)].filter(({ isFile }) => isFile).map(({ name }) => name);
  return names.sort().map((name) => decodeLatin1(Deno.readFileSync(new URL(name, url))));
}

/** All messages of fixtures/sip, right and wrong ones, and scanners' packets, as latin1 text. */
export function sipSeeds(): readonly string[] {
  return [...filesOf("sip/valid"), ...filesOf("sip/invalid"), ...filesOf("scanners")];
}

/** All example configurations. */
export function configSeeds(): readonly string[] {
  return [...filesOf("config"), ...filesOf("config/broken").filter((text) => text.includes("="))];
}

/** The messages of every golden case, case by case. */
export function goldenSeeds(): readonly (readonly Arrived[])[] {
  return filesOf("golden").map((text) =>
    parseCase(text).sections.flatMap((section) => {
      const [side, source = ""] = section.words.split(" ");
      if (section.kind !== "in" || (side !== "lan" && side !== "wan")) return [];
      return [{ side, source, text: wireText(section.text) }];
    })
  );
}

/** LF becomes CRLF; `Content-Length: auto` is counted. */
function wireText(text: string): string {
  const [head = "", ...rest] = text.replace(/\n+$/, "").split("\n\n");
  const body = rest.length === 0 ? "" : `${rest.join("\n\n").replaceAll("\n", "\r\n")}\r\n`;
  const lines = head.replaceAll("\n", "\r\n").replace("Length: auto", `Length: ${body.length}`);
  return `${lines}\r\n\r\n${body}`;
}
