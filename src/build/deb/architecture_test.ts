import { strictEqual } from "node:assert/strict";
import { debianArchitecture, packagePath } from "./architecture.ts";

const NAMES = [
  ["x86_64", "amd64", "dist/siproxd_1.2.3_amd64.deb"],
  ["aarch64", "arm64", "dist/siproxd_1.2.3_arm64.deb"],
] as const;

for (const [target, architecture, path] of NAMES) {
  Deno.test(`debianArchitecture() of ${target} is ${architecture}`, () => {
    strictEqual(debianArchitecture(target), architecture);
  });

  Deno.test(`packagePath() of ${target} is ${path}`, () => {
    strictEqual(packagePath(target, "1.2.3"), path);
  });
}
