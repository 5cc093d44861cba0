/** Kamailio as a client: its module uac registers an account, as a PBX does at its provider. */

import { type ManagedProcess, startProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** Whose account is registered, and where. */
export interface KamailioClientOptions {
  readonly namespace: string;
  readonly address: string;
  /** Name of the user; the password is `pw-` + name. */
  readonly user: string;
  /** The registrar. */
  readonly domain: string;
  readonly realm: string;
  /** What it does beside registering; absent: it answers nobody. */
  readonly service?: ClientService;
}

/** Modules, their tables, and the rest of the configuration from their parameters on. */
export interface ClientService {
  readonly modules: readonly string[];
  /** Empty tables that Debian ships, beside the accounts in `DIRECTORY`. */
  readonly tables: readonly string[];
  readonly script: string;
}

const TABLES = "/usr/share/kamailio/dbtext/kamailio/";
const MODULES = "/usr/lib/x86_64-linux-gnu/kamailio/modules/";

/** Columns of the table of accounts, version 5. */
const COLUMNS = [
  "id(int,auto)",
  ...["l_uuid(string)", "l_username(string)", "l_domain(string)"],
  ...["r_username(string)", "r_domain(string)", "realm(string)"],
  ...["auth_username(string)", "auth_password(string)", "auth_ha1(string,null)"],
  "auth_proxy(string)",
  ...["expires(int)", "flags(int)", "reg_delay(int)"],
  ...["contact_addr(string)", "socket(string,null)"],
];

/** Starts the client; it registers at once and again whenever its registration ends. */
export async function startKamailioClient(options: KamailioClientOptions): Promise<ManagedProcess> {
  const directory = await makeDirectory("kamailio-client");
  const { user, address, domain, realm, service = NO_SERVICE } = options;
  const row = [
    ...["1", user, user, address, user, domain, realm, user, `pw-${user}`, ""],
    ...[`sip\\:${domain}`, "300", "0", "0", `${address}\\:5060`, ""],
  ];
  await Deno.copyFile(`${TABLES}version`, `${directory}/version`);
  for (const name of service.tables) {
    // topos leaves columns empty that Debian's text tables forbid to be empty.
    const columns = (await Deno.readTextFile(TABLES + name)).replaceAll(
      "(string)",
      "(string,null)",
    );
    await Deno.writeTextFile(`${directory}/${name}`, columns);
  }
  await Deno.writeTextFile(`${directory}/uacreg`, `${COLUMNS.join(" ")}\n${row.join(":")}\n`);
  await Deno.writeTextFile(`${directory}/kamailio.cfg`, configuration(options, directory));
  return startProcess({
    name: "kamailio-client",
    namespace: options.namespace,
    command: "kamailio",
    args: [
      ...["-DD", "-E", "-f", `${directory}/kamailio.cfg`, "-Y", directory],
      ...["-P", `${directory}/kamailio.pid`, "-m", "32", "-M", "4"],
    ],
  });
}

const OWN_MODULES = ["tm", "sl", "rr", "pv", "db_text", "uac"] as const;
const NO_SERVICE: ClientService = {
  modules: [],
  tables: [],
  script: `request_route { sl_send_reply("404", "Not here"); }`,
};

function configuration(options: KamailioClientOptions, directory: string): string {
  const { service = NO_SERVICE } = options;
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=1
auto_aliases=no
listen=udp:${options.address}:5060
mpath="${MODULES}"
${[...OWN_MODULES, ...service.modules].map((name) => `loadmodule "${name}.so"`).join("\n")}
modparam("uac", "reg_db_url", "text://${directory}")
modparam("uac", "reg_contact_addr", "${options.address}:5060")
modparam("uac", "reg_timer_interval", 1)
modparam("uac", "reg_retry_interval", 2)
${service.script.replaceAll("DIRECTORY", directory)}
`;
}
