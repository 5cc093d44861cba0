import { deepEqual } from "node:assert/strict";
import houseRules from "../lint/house_rules.ts";

interface Row {
  readonly path?: string;
  readonly source: string;
  /** Rules that must object, once for each time; none for good code. */
  readonly rules: readonly string[];
}

function checkRows(rows: readonly Row[]): void {
  for (const { path = "src/sip/example.ts", source, rules } of rows) {
    const found = Deno.lint.runPlugin(houseRules, path, source);
    const ids = found.map(({ id }) => id.replace("house/", "")).sort();
    deepEqual(ids, [...rules].sort(), `${path}: ${source.slice(0, 200)}`);
  }
}

function inShell(source: string, ...rules: string[]): Row {
  return { path: "src/shell/example.ts", source, rules };
}

Deno.test("houseRules accepts code in the house style", () => {
  const source = `
import type { Result } from "../base/result.ts";
import { createHash } from "node:crypto";
export const MAX_DIALOGS: number = 4096;
export const IDLE_TIMEOUT_MS: number = 30_000;
export interface Message { readonly Date: string; readonly expiresSeconds: number }
export type Sink = (line: string) => void;
const KINDS = ["a", "b"] as const;
export function parse(text: string, options: { readonly isStrict: boolean }): number {
  const { isStrict } = options;
  const message: Message = { Date: text, expiresSeconds: 1 };
  const isLong = text.length > 10;
  return isStrict && isLong ? KINDS.length : Math.max(1, message.Date.length);
}
export class Table {
  readonly #rows: Map<string, number> = new Map();
  get(key: string): number | undefined {
    return this.#rows.get(key);
  }
}
export function now(clock: { readonly now: () => number }): number { return clock.now(); }
`;
  checkRows([{ source, rules: [] }, {
    path: "plugins/prefix/example.ts",
    source,
    rules: ["layering"],
  }]);
});

Deno.test("pure-core refuses the outside world in the core", () => {
  const statements = [
    "Deno.cwd();",
    "const at = new Date();",
    "const at = Date.now();",
    "setTimeout(() => {}, 1);",
    "const id = setInterval(f, 1);",
    "queueMicrotask(f);",
    "const x = Math.random();",
    "const x = performance.now();",
    "console.log(1);",
    "crypto.getRandomValues(buffer);",
    "globalThis.x = 1;",
    "let env: Deno.Env;",
    'import { readFileSync } from "node:fs";',
    'import { randomBytes } from "node:crypto";',
    "async function f(): Promise<void> {}",
    "const f = async (): Promise<void> => {};",
    'const m = import("../base/text.ts");',
  ];
  checkRows(statements.map((source) => ({ source, rules: ["pure-core"] })));
  checkRows(statements.map((source) => inShell(source)));
  checkRows([
    { source: "fetch(url).then(f);", path: "plugins/stun/mod.ts", rules: ["pure-core"] },
    { source: "await f();", rules: ["pure-core"] },
    { source: "for await (const x of y) f(x);", rules: ["pure-core"] },
    { source: "console.log(await f());", path: "src/sip/example_test.ts", rules: [] },
    { source: "console.log(await f());", path: "tests/support/example.ts", rules: [] },
    { source: "console.log(await f());", path: "mod.ts", rules: [] },
    { source: "console.log(await f());", path: "src/build/compile.ts", rules: [] },
  ]);
});

Deno.test("pure-core leaves names and injected values alone", () => {
  checkRows([
    { source: "const x = { Date: 1, fetch: 2 }; f(x.Date, x.fetch);", rules: [] },
    { source: "function f(process: () => void): void { process(); }", rules: [] },
    { source: "function f({ performance }: Env): number { return performance; }", rules: [] },
    { source: "const crypto = g(); crypto.hash();", rules: [] },
    { source: 'import { isIP, BlockList } from "node:net"; f(isIP, BlockList);', rules: [] },
  ]);
});

Deno.test("layering knows the direction of imports", () => {
  const allowed: readonly (readonly [string, string])[] = [
    ["src/sip/uri.ts", "../base/text.ts"],
    ["src/sip/uri.ts", "./via.ts"],
    ["src/registrar/table.ts", "../sip/uri.ts"],
    ["src/plugin/api.ts", "../sip/message.ts"],
    ["src/plugin/registry.ts", "../../plugins/prefix/mod.ts"],
    ["src/proxy/stages/via.ts", "../../registrar/table.ts"],
    ["src/proxy/pipeline.ts", "../plugin/host.ts"],
    ["src/shell/supervisor/supervisor.ts", "../../proxy/pipeline.ts"],
    ["src/shell/supervisor/supervisor.ts", "@std/net/get-available-port"],
    ["src/cli/main.ts", "../shell/supervisor/supervisor.ts"],
    ["src/cli/args.ts", "@std/cli/parse-args"],
    ["src/build/compile.ts", "../base/version.ts"],
    ["src/log/logger.ts", "@std/log"],
    ["src/sip/uri_test.ts", "../../tests/support/golden.ts"],
    ["src/sip/uri_test.ts", "@std/testing/types"],
    ["tests/sim/call_test.ts", "../../src/proxy/pipeline.ts"],
    ["tests/support/property.ts", "npm:fast-check@4.3.0"],
    ["plugins/prefix/mod.ts", "../../src/plugin/api.ts"],
    ["plugins/prefix/mod.ts", "./dial_plan.ts"],
    ["plugins/prefix/mod.ts", "../../src/sdp/session.ts"],
    ["mod.ts", "./src/cli/main.ts"],
  ];
  const refused: readonly (readonly [string, string])[] = [
    ["src/base/text.ts", "../sip/uri.ts"],
    ["src/sip/uri.ts", "../sdp/session.ts"],
    ["src/sip/uri.ts", "../base/text"],
    ["src/sip/uri.ts", "../../tests/support/golden.ts"],
    ["src/sip/uri.ts", "./uri_test.ts"],
    ["src/sip/uri.ts", "@std/net"],
    ["src/sip/uri.ts", "@std/testing/time"],
    ["src/sip/uri.ts", "npm:left-pad"],
    ["src/sip/uri.ts", "jsr:@std/cli"],
    ["src/sip/uri.ts", "../../../elsewhere/x.ts"],
    ["src/sip/uri.ts", "../../mod.ts"],
    ["src/registrar/table.ts", "../proxy/pipeline.ts"],
    ["src/plugin/api.ts", "../proxy/outcome.ts"],
    ["src/plugin/api.ts", "../../plugins/prefix/mod.ts"],
    ["src/proxy/pipeline.ts", "../shell/supervisor/supervisor.ts"],
    ["src/shell/supervisor/supervisor.ts", "../../cli/main.ts"],
    ["src/cli/main.ts", "../build/compile.ts"],
    ["src/novel/x.ts", "../base/text.ts"],
    ["plugins/prefix/mod.ts", "../regex/mod.ts"],
    ["plugins/prefix/mod.ts", "../../src/proxy/outcome.ts"],
    ["plugins/prefix/mod.ts", "../../src/plugin/host.ts"],
    ["tests/sim/call_test.ts", "npm:fast-check@4.3.0"],
  ];
  checkRows(allowed.map(([path, name]) => ({ path, source: `import "${name}";`, rules: [] })));
  checkRows(refused.map(([path, name]) => ({
    path,
    source: `export * from "${name}";`,
    rules: ["layering"],
  })));
});

Deno.test("file-length and function-length count lines", () => {
  const body = (lines: number): string => "f();\n".repeat(lines);
  checkRows([
    inShell(body(300)),
    inShell(body(301), "file-length"),
    inShell(`function f(): void {\n${body(68)}}\n`),
    inShell(`function f(): void {\n${body(69)}}\n`, "function-length"),
    inShell(`const f = (): void => {\n${body(69)}};\n`, "function-length"),
    inShell(`class A { f(): void {\n${body(69)}} }\n`, "function-length"),
    { path: "src/sip/x_test.ts", source: body(301), rules: ["file-length"] },
    { path: "packaging/std/cli/mod.ts", source: body(301), rules: [] },
  ]);
});

Deno.test("no-default-export, no-enum-or-namespace and no-type-escape keep to plain types", () => {
  checkRows([
    inShell("export default f;", "no-default-export"),
    inShell("const f = 1; export { f as default };", "no-default-export"),
    { path: "tests/lint/house_rules.ts", source: "export default f;", rules: [] },
    inShell("enum A { B }", "no-enum-or-namespace"),
    inShell("namespace A { f(); }", "no-enum-or-namespace"),
    inShell("let x: any;", "no-type-escape"),
    inShell("let x: readonly any[];", "no-type-escape"),
    inShell("f(x!);", "no-type-escape"),
    inShell("f(x as string);", "no-type-escape"),
    inShell("f(<string> x);", "no-type-escape"),
    inShell("f(x as unknown as string);", "no-type-escape", "no-type-escape"),
    inShell("const x = [1] as const; const y = {} satisfies A;"),
    { path: "src/base/brand.ts", source: "f(x as string);", rules: [] },
    { path: "src/sip/x_test.ts", source: "f(x as string);", rules: ["no-type-escape"] },
  ]);
});

Deno.test("no-boolean-parameter looks at every kind of function", () => {
  checkRows([
    inShell("function f(on: boolean): void {}", "no-boolean-parameter"),
    inShell("function f(on = true): void {}", "no-boolean-parameter"),
    inShell("const f = (on: boolean): void => {};", "no-boolean-parameter"),
    inShell("interface A { f(on: boolean): void }", "no-boolean-parameter"),
    inShell("type F = (on: boolean) => void;", "no-boolean-parameter"),
    inShell("class A { f(on: boolean): void {} }", "no-boolean-parameter"),
    inShell("function f({ on }: { readonly on: boolean }): boolean { return on; }"),
    inShell("const f = rows.filter((on) => on);"),
  ]);
});

Deno.test("max-parameters allows two positions and options", () => {
  checkRows([
    inShell("export function f(a: A, b: B, c: C): void {}", "max-parameters"),
    inShell("export function f(a: A, b: B, options: C): void {}"),
    inShell("export function f(a: A, b: B, { c }: C = {}): void {}"),
    inShell("export function f(this: T, a: A, b: B): void {}"),
    inShell("export function f(a: A, b: B, ...c: C[]): void {}"),
    inShell("function f(a: A, b: B, c: C): void {}"),
    inShell("function f(a: A, b: B, c: C, d: D): void {}", "max-parameters"),
    inShell("export class A { f(a: A, b: B, c: C): void {} }", "max-parameters"),
    inShell("export class A { #f(a: A, b: B, c: C): void {} }"),
    inShell("const f = (a: A, b: B, c: C, d: D): void => {};", "max-parameters"),
  ]);
});

Deno.test("unit-in-name asks numbers for their unit", () => {
  checkRows([
    inShell("const timeout = 5;", "unit-in-name"),
    inShell("const RETRY_DELAY: number = 60 * 1000;", "unit-in-name"),
    inShell("const RETRY_DELAY = 60 * 1000;", "unit-in-name"),
    inShell("interface A { readonly rtpTimeout: number }", "unit-in-name"),
    inShell("interface A { readonly maxAge?: number | undefined }", "unit-in-name"),
    inShell("function f(duration: number): void {}", "unit-in-name"),
    inShell("class A { #interval = 5; }", "unit-in-name"),
    inShell("const timeoutMs = 5; const message = 1; const page = 2; const usage = 3;"),
    inShell("interface A { readonly rtp_timeout: number; readonly timeout: Timeout }"),
    inShell("const timeout = f();"),
    inShell("interface A { readonly imageStorage: number }"),
  ]);
});
