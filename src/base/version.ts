/** The version of this program, as deno.json and CHANGELOG.md name it. */
export const VERSION: string = "1.0.0";
