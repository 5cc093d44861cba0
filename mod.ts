/**
 * siproxd: a SIP proxy, masquerading daemon and RTP relay for NAT routers.
 * This file is what `deno run` and `deno compile` take; it opens nothing by itself when it is imported.
 * Programs that embed the daemon or its parsers import from here.
 *
 * @module
 */
import { main } from "./src/cli/main.ts";

export { main };
export { VERSION } from "./src/base/version.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
