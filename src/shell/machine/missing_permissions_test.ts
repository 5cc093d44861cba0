import { deepStrictEqual } from "node:assert/strict";
import { missingPermissions } from "./missing_permissions.ts";

Deno.test("missingPermissions() says nothing where all is granted", () => {
  deepStrictEqual(missingPermissions(() => true), []);
});

Deno.test("missingPermissions() says in one line each what is off", () => {
  deepStrictEqual(missingPermissions(({ name }) => name === "read"), [
    "No permission to run ip: the default route is guessed from the interfaces",
    "No permission to list interfaces: if_inbound and if_outbound have to be addresses",
  ]);
  deepStrictEqual(missingPermissions(() => false).length, 3);
});
