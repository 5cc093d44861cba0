import { equal } from "node:assert/strict";
import { reasonPhrase } from "./status.ts";

Deno.test("reasonPhrase() knows the registered codes and names the class of others", () => {
  const rows: readonly (readonly [number, string])[] = [
    [100, "Trying"],
    [200, "OK"],
    [302, "Moved Temporarily"],
    [400, "Bad Request"],
    [407, "Proxy Authentication Required"],
    [416, "Unsupported URI Scheme"],
    [481, "Call/Transaction Does Not Exist"],
    [483, "Too Many Hops"],
    [504, "Server Time-out"],
    [505, "Version Not Supported"],
    [513, "Message Too Large"],
    [199, "Early Dialog Terminated"],
    [299, "Success"],
    [499, "Request Failure"],
    [699, "Global Failure"],
    [999, "Unknown"],
  ];
  for (const [statusCode, phrase] of rows) equal(reasonPhrase(statusCode), phrase);
});
