import { strictEqual } from "node:assert/strict";
import { parseSipHelper, sipHelperText } from "./sip_helper.ts";

const tables: readonly (readonly [string, string, string | undefined])[] = [
  [
    "the loaded helper",
    "Module                  Size  Used by\nnf_nat_sip             20480  0\n" +
    "nf_conntrack_sip       40960  1 nf_nat_sip\n",
    "nf_nat_sip",
  ],
  ["the helper of an old kernel", "ip_nat_sip 1234 0\n", "ip_nat_sip"],
  ["nothing where only calls are followed", "nf_conntrack_sip 40960 0\n", undefined],
  ["nothing in a module that uses it", "x 1 1 nf_nat_sip\n", undefined],
  ["nothing in no output", "", undefined],
];

for (const [name, text, expected] of tables) {
  Deno.test(`parseSipHelper() finds ${name}`, () => strictEqual(parseSipHelper(text), expected));
}

Deno.test("sipHelperText() names the command", () => {
  strictEqual(
    sipHelperText("nf_nat_sip"),
    "Kernel module nf_nat_sip is loaded: it may rewrite the SIP that siproxd sends; " +
      "unload it: modprobe -r nf_nat_sip nf_conntrack_sip",
  );
});
