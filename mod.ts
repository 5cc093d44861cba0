/**
 * siproxd: a SIP proxy, masquerading daemon and RTP relay for NAT routers.
 * This file is what `deno run` and `deno compile` take; it opens nothing by itself when it is imported.
 * Programs that embed the daemon, and plugins that want types, import from here.
 *
 * @module
 */
import { main } from "./src/cli/main.ts";

export { main };
export type { CommandIo } from "./src/cli/command_io.ts";
export { VERSION } from "./src/base/version.ts";
export * from "./src/plugin/api.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
