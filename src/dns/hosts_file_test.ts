import assert from "node:assert/strict";
import { parseHostsFile } from "./hosts_file.ts";

Deno.test("parseHostsFile() reads names, aliases, comments and both families", () => {
  const text = "127.0.0.1\tlocalhost\n::1 localhost ip6-localhost\r\n# 1.2.3.4 no\n" +
    "192.168.1.5  PBX.home pbx # the exchange\n\n   10.0.0.9 late\n";
  assert.deepEqual(
    [...parseHostsFile(text)],
    [
      ["localhost", ["127.0.0.1", "::1"]],
      ["ip6-localhost", ["::1"]],
      ["pbx.home", ["192.168.1.5"]],
      ["pbx", ["192.168.1.5"]],
      ["late", ["10.0.0.9"]],
    ],
  );
});

Deno.test("parseHostsFile() passes over what is malformed and keeps the rest", () => {
  const text = "999.1.1.1 bad\nname 10.0.0.1\n10.0.0.2\n10.0.0.3 a;b ok\n10.0.0.3 ok\n\u0000\n";
  assert.deepEqual([...parseHostsFile(text)], [["ok", ["10.0.0.3"]], ["localhost", ["127.0.0.1"]]]);
});

Deno.test("parseHostsFile() knows localhost of an empty file", () => {
  assert.deepEqual([...parseHostsFile("")], [["localhost", ["127.0.0.1"]]]);
});

Deno.test("parseHostsFile() is bounded in names and in addresses of one name", () => {
  const names = Array.from({ length: 6000 }, (_, index) => `10.0.0.1 host${index}`).join("\n");
  const many = parseHostsFile(names);
  assert.equal(many.size, 4097);
  assert.deepEqual(many.get("localhost"), ["127.0.0.1"]);
  const addresses = Array.from({ length: 50 }, (_, index) => `10.0.0.${index} one`).join("\n");
  assert.equal(parseHostsFile(addresses).get("one")?.length, 8);
});
