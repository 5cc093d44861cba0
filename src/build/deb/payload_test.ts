import { deepEqual, equal } from "node:assert/strict";
import { CONFIGURATION_FILES, foldersOf, isExample, payload } from "./payload.ts";

const FILES = payload({ program: "dist/siproxd-x86_64", configurations: ["scenario_x.conf"] });

Deno.test("payload() installs the program, and nothing else that can be run", () => {
  deepEqual(FILES.filter(({ mode }) => mode !== 0o644), [
    {
      source: "dist/siproxd-x86_64",
      target: "usr/sbin/siproxd",
      mode: 0o755,
      packing: "plain",
    },
  ]);
});

Deno.test("payload() names sources that exist, and each target once", () => {
  const root = new URL("../../../", import.meta.url);
  const kept = FILES.filter(({ source }) => !/^dist\/|scenario_x/.test(source));
  for (const { source } of kept) equal(Deno.statSync(new URL(source, root)).isFile, true, source);
  equal(new Set(FILES.map(({ target }) => target)).size, FILES.length);
});

Deno.test("payload() holds every configuration file of the package", () => {
  const targets = FILES.map(({ target }) => target);
  deepEqual(CONFIGURATION_FILES.filter((path) => !targets.includes(path)), []);
  deepEqual(
    targets.filter((path) => path.startsWith("etc/") && !CONFIGURATION_FILES.includes(path)),
    [],
  );
});

Deno.test("payload() leaves the drop-in for CAP_NET_ADMIN to the administrator", () => {
  const places = FILES.filter(({ source }) => source.endsWith("net-admin.conf"));
  deepEqual(places.map(({ target }) => target), ["usr/share/doc/siproxd/systemd/net-admin.conf"]);
});

Deno.test("isExample() takes the complete example and the scenarios", () => {
  const names = [
    "siproxd.conf.example",
    "scenario_standard.conf",
    "packaged.conf",
    "odd_layout.conf",
  ];
  deepEqual(names.filter(isExample), ["siproxd.conf.example", "scenario_standard.conf"]);
});

Deno.test("foldersOf() names parents first, each once", () => {
  deepEqual(foldersOf(["usr/sbin/a", "usr/share/doc/b", "etc/c"]), [
    "etc/",
    "usr/",
    "usr/sbin/",
    "usr/share/",
    "usr/share/doc/",
  ]);
});
