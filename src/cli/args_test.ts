import { deepStrictEqual } from "node:assert/strict";
import { type Command, parseCommand } from "./args.ts";

function from(
  configFile: string | undefined,
  ...overrides: readonly (readonly [string, string])[]
) {
  return { configFile, overrides: overrides.map(([option, text]) => ({ option, text })) };
}

const run = (...args: Parameters<typeof from>) => ({ kind: "run", from: from(...args) });

const commands: readonly (readonly [readonly string[], unknown])[] = [
  [[], run(undefined)],
  [["run"], run(undefined)],
  [["-c", "a.conf"], run("a.conf")],
  [["-ca.conf"], run("a.conf")],
  [["--config", "a.conf"], run("a.conf")],
  [["--config=a.conf"], run("a.conf")],
  [["-c", "-odd.conf"], run("-odd.conf")],
  [["-d", "-1"], run(undefined, ["-d", "debug_level=-1"])],
  [["-d-1"], run(undefined, ["-d", "debug_level=-1"])],
  [["--debug", "-1"], run(undefined, ["-d", "debug_level=-1"])],
  [["--debug=-1"], run(undefined, ["-d", "debug_level=-1"])],
  [["-d", "132"], run(undefined, ["-d", "debug_level=132"])],
  [["-d", "0x84"], run(undefined, ["-d", "debug_level=0x84"])],
  [["-d", "SIP,REG"], run(undefined, ["-d", "debug_level=SIP,REG"])],
  [["-d", "0"], run(undefined)],
  [["-p", "/run/x.pid"], run(undefined, ["-p", "pid_file=/run/x.pid"])],
  [["--pid-file=/run/a b#c"], run(undefined, ["-p", "pid_file=/run/a b#c"])],
  [["--set", "a=b=c", "--set=d="], run(undefined, ["--set", "a=b=c"], ["--set", "d="])],
  [
    ["-c", "a", "-d", "-1", "-p", "p", "--set", "x=1"],
    run(
      "a",
      ["--set", "x=1"],
      ["-p", "pid_file=p"],
      ["-d", "debug_level=-1"],
    ),
  ],
  [["check"], { kind: "check", from: from(undefined), output: "text" }],
  [["check", "a.conf"], { kind: "check", from: from("a.conf"), output: "text" }],
  [["check", "--json", "a.conf"], { kind: "check", from: from("a.conf"), output: "json" }],
  [["--json", "-c", "a.conf", "check"], { kind: "check", from: from("a.conf"), output: "json" }],
  [["check", "--", "-a.conf"], { kind: "check", from: from("-a.conf"), output: "text" }],
  [["check", "1234"], { kind: "check", from: from("1234"), output: "text" }],
  [["config"], { kind: "config", from: from(undefined), output: "text" }],
  [["config", "--json"], { kind: "config", from: from(undefined), output: "json" }],
  [["status"], { kind: "status", from: from(undefined), output: "text" }],
  [["status", "--json", "-c", "a"], { kind: "status", from: from("a"), output: "json" }],
  [["status", "--all"], { kind: "status", from: from(undefined), output: "all" }],
  [["status", "--all", "--json"], { kind: "status", from: from(undefined), output: "json" }],
  [["-h"], { kind: "help" }],
  [["--help", "--version"], { kind: "help" }],
  [["--version"], { kind: "version" }],
  [["demo"], { kind: "demo", args: [] }],
  [["demo", "--anything", "-x"], { kind: "demo", args: ["--anything", "-x"] }],
];

for (const [args, expected] of commands) {
  Deno.test(`parseCommand() understands siproxd ${args.join(" ")}`, () => {
    const result: { ok: boolean; value?: Command; error?: string } = parseCommand(args);
    deepStrictEqual(result, { ok: true, value: expected });
  });
}

const refusals: readonly (readonly [readonly string[], string])[] = [
  [["-x"], 'Cannot use option "-x": no such option, siproxd -h lists all'],
  [["--confg", "a"], 'Cannot use option "--confg": no such option, nearest is "--config"'],
  [["--foo=bar"], 'Cannot use option "--foo=bar": no such option, siproxd -h lists all'],
  [["-c"], "Cannot use -c: a file must follow"],
  [["--set"], "Cannot use --set: a key=value must follow"],
  [["-d", "SIPP"], 'Cannot use debug class "SIPP": nearest is "SIP"'],
  [["-d", "12x"], 'Cannot use "x" after the number: 12 is used'],
  [["chekc"], 'Cannot run "chekc": no such command, nearest is "check"'],
  [
    ["start-it-now"],
    'Cannot run "start-it-now": no such command, known are run, check, config, status, demo, self-test',
  ],
  [["check", "a", "b"], 'Cannot use argument "b": one too many'],
  [["status", "a"], 'Cannot use argument "a": one too many'],
  [["run", "a"], 'Cannot use argument "a": one too many'],
  [["--all"], "Cannot use --all: only status takes it"],
  [["check", "--all"], "Cannot use --all: only status takes it"],
  [["--json"], "Cannot use --json: only check, config and status take it"],
];

for (const [args, error] of refusals) {
  Deno.test(`parseCommand() refuses siproxd ${args.join(" ")}`, () => {
    deepStrictEqual(parseCommand(args), { ok: false, error });
  });
}

Deno.test("parseCommand() gives the help to whoever asks for it behind any command", () => {
  for (const name of ["run", "check", "config", "status", "demo", "self-test"]) {
    for (const option of ["-h", "--help"]) {
      deepStrictEqual(parseCommand([name, option]), { ok: true, value: { kind: "help" } });
    }
  }
});
