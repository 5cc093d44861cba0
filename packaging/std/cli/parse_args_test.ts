import { deepEqual, equal } from "node:assert/strict";
import { parseArgs } from "@std/cli/parse-args";
import { parseArgs as fromRoot } from "@std/cli";
import { assertType, type IsExact } from "@std/testing/types";

interface Row {
  readonly args: string[];
  readonly options?: NonNullable<Parameters<typeof parseArgs>[1]>;
  readonly want: Record<string, unknown>;
}

function checkRows(rows: readonly Row[]): void {
  for (const { args, options, want } of rows) {
    deepEqual(parseArgs(args, options ?? {}), want, args.join(" "));
  }
}

Deno.test("parseArgs() is the same from the root and from its own entry", () => {
  equal(parseArgs, fromRoot);
});

Deno.test("parseArgs() reads options that nobody declared", () => {
  checkRows([
    { args: [], want: { _: [] } },
    {
      args: ["--foo", "--bar=baz", "./quux.txt"],
      want: { foo: true, bar: "baz", _: ["./quux.txt"] },
    },
    { args: ["--port", "5060", "a"], want: { port: 5060, _: ["a"] } },
    { args: ["--port=0x1f"], want: { port: 31, _: [] } },
    { args: ["-abc"], want: { a: true, b: true, c: true, _: [] } },
    { args: ["-n5"], want: { n: 5, _: [] } },
    { args: ["-n=five"], want: { n: "five", _: [] } },
    { args: ["-x", "y", "z"], want: { x: "y", _: ["z"] } },
    { args: ["-x", "-1"], want: { x: true, 1: true, _: [] } },
    { args: ["-"], want: { _: ["-"] } },
    { args: ["--a.b=1", "--a.c", "2"], want: { a: { b: 1, c: 2 }, _: [] } },
    { args: ["--no-color"], want: { "no-color": true, _: [] } },
    { args: ["--flag", "false"], want: { flag: "false", _: [] } },
    { args: ["12", "x"], want: { _: [12, "x"] } },
  ]);
});

Deno.test("parseArgs() obeys boolean, string, alias and default", () => {
  checkRows([
    { args: ["--v", "x"], options: { boolean: ["v"] }, want: { v: true, _: ["x"] } },
    { args: ["--v=false"], options: { boolean: ["v"] }, want: { v: false, _: [] } },
    { args: ["--v", "false"], options: { boolean: ["v"] }, want: { v: false, _: [] } },
    { args: ["--v", "x"], options: { boolean: true }, want: { v: true, _: ["x"] } },
    { args: ["--id", "007"], options: { string: "id" }, want: { id: "007", _: [] } },
    { args: ["--id"], options: { string: ["id"] }, want: { id: "", _: [] } },
    { args: ["--id="], options: { string: ["id"] }, want: { id: "", _: [] } },
    { args: ["007"], options: { string: ["_"] }, want: { _: ["007"] } },
    {
      args: ["-h"],
      options: { boolean: ["help"], alias: { help: ["h", "?"] } },
      want: { help: true, h: true, "?": true, _: [] },
    },
    { args: [], options: { default: { a: 1 }, alias: { a: "b" } }, want: { a: 1, b: 1, _: [] } },
    { args: ["-a", "2"], options: { default: { a: 1 } }, want: { a: 2, _: [] } },
  ]);
});

Deno.test("parseArgs() obeys collect, negatable, stopEarly and --", () => {
  checkRows([
    {
      args: ["--set", "a=1", "--set=b=2"],
      options: { string: ["set"], collect: ["set"] },
      want: { set: ["a=1", "b=2"], _: [] },
    },
    { args: [], options: { string: ["set"], collect: ["set"] }, want: { set: [], _: [] } },
    { args: ["--no-log"], options: { negatable: ["log"] }, want: { log: false, _: [] } },
    {
      args: ["-v", "run", "-x"],
      options: { boolean: ["v"], stopEarly: true },
      want: { v: true, _: ["run", "-x"] },
    },
    { args: ["a", "--", "-b"], want: { _: ["a", "-b"] } },
    { args: ["a", "--", "-b"], options: { "--": true }, want: { _: ["a"], "--": ["-b"] } },
  ]);
});

Deno.test("parseArgs() asks unknown and leaves out what it refuses", () => {
  const asked: unknown[] = [];
  const args = parseArgs(["--what=1", "-c", "file", "left"], {
    string: ["c"],
    unknown: (arg, key, value) => {
      asked.push([arg, key, value]);
      return false;
    },
  });
  deepEqual(args, { c: "file", _: [] });
  deepEqual(asked, [["--what=1", "what", "1"], ["left", undefined, undefined]]);
});

Deno.test("parseArgs() never reaches a prototype", () => {
  parseArgs(["--__proto__.polluted=1", "--constructor.prototype.polluted=1"]);
  equal(Reflect.get({}, "polluted"), undefined);
});

Deno.test("parseArgs() types its result by the declared names", () => {
  const args = parseArgs(["--set", "a=1"], {
    boolean: ["help"],
    string: ["config", "set", "pid"],
    collect: ["set"],
    negatable: ["pid"],
    default: { config: "x" },
    alias: { help: "h" },
    "--": true,
  });
  assertType<IsExact<typeof args.help, boolean>>(true);
  assertType<IsExact<typeof args.h, boolean>>(true);
  assertType<IsExact<typeof args.config, string>>(true);
  assertType<IsExact<typeof args.set, string[]>>(true);
  assertType<IsExact<typeof args.pid, string | false | undefined>>(true);
  assertType<IsExact<typeof args._, Array<string | number>>>(true);
  assertType<IsExact<(typeof args)["--"], string[]>>(true);
  deepEqual(args.set, ["a=1"]);
});
