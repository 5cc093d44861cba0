import { FLAG, integer, OLD_FLAG, SECONDS_OR_OFF, section } from "./directive.ts";
import type { Directive } from "./schema.ts";

/** Highest bound on registrations: a million bindings is about what one heap holds. */
const MAX_REGISTRATIONS = 1_000_000;

/** Life of the process. */
export const DAEMON_DIRECTIVES: readonly Directive[] = section("daemon", [
  {
    key: "daemonize",
    type: OLD_FLAG,
    default: "0",
    help: "1 detaches from the terminal; 0 stays in the foreground and logs to it.",
    example: "1",
  },
  {
    key: "user",
    type: { kind: "text", maxLengthChars: 32 },
    help: "User to become after the start, when started as root.",
    example: "nobody",
  },
  {
    key: "chrootjail",
    type: { kind: "path" },
    help: "Folder that the paths of the registration and pid file are taken to be relative to.",
    example: "/var/lib/siproxd/",
  },
  {
    key: "pid_file",
    type: { kind: "path" },
    help: "File for the process id.",
    example: "/var/run/siproxd/siproxd.pid",
  },
]);

/** Registration table. */
export const REGISTRATION_DIRECTIVES: readonly Directive[] = section("registrations", [
  {
    key: "registration_file",
    type: { kind: "path" },
    help: "File that keeps the registrations across a restart. Unset: memory only.",
    example: "/var/lib/siproxd/siproxd_registrations",
  },
  {
    key: "autosave_registrations",
    type: SECONDS_OR_OFF,
    default: "300",
    help: "Period of the unconditional save; 0 saves after changes and at exit only.",
    example: "300",
  },
  {
    key: "registration_write_delay",
    type: integer(1, { max: 3600, unit: "seconds" }),
    default: "1",
    origin: "new",
    help: "Shortest time between two saves that follow changes: at most this much is lost by a " +
      "power cut; raise it to spare flash memory.",
    example: "1",
  },
  {
    key: "max_registrations",
    type: integer(1, { max: MAX_REGISTRATIONS }),
    default: "10000",
    origin: "new",
    help: "Most registrations the table takes; a further phone gets 503.",
    example: "10000",
  },
]);

/** Logging. */
export const LOG_DIRECTIVES: readonly Directive[] = section("logging", [
  {
    key: "silence_log",
    type: integer(0, { max: 4 }),
    default: "1",
    help: "What syslog gets: 0 everything, 1 no debug, 2 warnings and errors, 3 errors, 4 nothing.",
    example: "1",
  },
  {
    key: "debug_level",
    type: { kind: "debug-pattern" },
    default: "0",
    help: "Debug classes to log: a bit pattern (-1 is all) or names such as SIP,REG.",
    example: "0x00000000",
  },
  {
    key: "debug_port",
    type: integer(0, { max: 65535, unit: "port" }),
    default: "0",
    help: "TCP port on which the log can be watched; 0 is off.",
    example: "5050",
  },
  {
    key: "debug_address",
    type: { kind: "address" },
    default: "127.0.0.1",
    origin: "new",
    help: "Address the debug_port listens on. There is no password: keep it on loopback.",
    example: "127.0.0.1",
  },
  {
    key: "log_format",
    type: { kind: "choice", choices: ["text", "logfmt", "json"] },
    default: "text",
    origin: "new",
    help: "Lines on standard error: siproxd's own, key=value, or one JSON object a line.",
    example: "json",
  },
  {
    key: "log_level",
    type: { kind: "log-levels" },
    origin: "new",
    help: "Levels of single components (error, warning, info, debug), each over debug_level: " +
      "the component is the word in front of a line's text.",
    example: "registrar:debug,rtp:warning",
  },
  {
    key: "syslog_socket",
    type: { kind: "path" },
    default: "/dev/log",
    origin: "new",
    help: "Socket of the local syslog daemon; silence_log = 4 leaves it alone.",
    example: "/run/systemd/journal/dev-log",
  },
  {
    key: "syslog_server",
    type: { kind: "host-port" },
    origin: "new",
    help: "Address and port of a further syslog daemon, reached over UDP. Unset: none.",
    example: "192.168.1.5:514",
  },
]);

/** Plugins, and what operators and machines may ask. */
export const PLUGIN_DIRECTIVES: readonly Directive[] = [
  ...section("plugins", [
    {
      key: "plugindir",
      type: { kind: "path" },
      help: "Folder of plugins that are not built in, each a single .js file.",
      example: "/usr/lib/siproxd/",
    },
    {
      key: "load_plugin",
      type: { kind: "plugin-name" },
      repeat: "array",
      help: "Plugin to load; the order of the lines is the order of processing.",
      example: "plugin_logcall.la",
    },
    {
      key: "plugin_strict",
      type: FLAG,
      default: "0",
      origin: "new",
      help:
        "1: a plugin that cannot be loaded ends the start; 0: it is left out with an error. A " +
        "reload that brings such a plugin is refused in either case.",
      example: "1",
    },
  ]),
  ...section("operation", [
    {
      key: "status_socket",
      type: { kind: "status-place" },
      origin: "new",
      help:
        "Where siproxd status asks: a unix socket for root and the daemon's own user, or a port " +
        "of a loopback address, which every user of the machine can read. Unset: siproxd.sock " +
        "beside the registration file, or /run/siproxd/status.sock.",
      example: "/run/siproxd/status.sock",
    },
    {
      key: "metrics_listen",
      type: { kind: "host-port", defaultHost: "127.0.0.1" },
      origin: "new",
      help: "Address and port of the Prometheus endpoint; a port alone is one of 127.0.0.1. " +
        "Unset: none.",
      example: "127.0.0.1:9160",
    },
  ]),
];
