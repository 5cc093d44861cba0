/**
 * The project's own lint rules, one a file in `rules/`; they say what the compiler and Deno's
 * recommended rules cannot. They judge form and structure, never behaviour.
 * `deno lint` loads this file by the entry in deno.json.
 *
 * @module
 */
import { fileLength, functionLength } from "./rules/length.ts";
import { layering } from "./rules/layering.ts";
import { maxParameters, noBooleanParameter } from "./rules/parameters.ts";
import { noDefaultExport, noEnumOrNamespace, noTypeEscape } from "./rules/plain_types.ts";
import { pureCore } from "./rules/pure_core.ts";
import { unitInName } from "./rules/unit_in_name.ts";

const houseRules: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "file-length": fileLength,
    "function-length": functionLength,
    "layering": layering,
    "max-parameters": maxParameters,
    "no-boolean-parameter": noBooleanParameter,
    "no-default-export": noDefaultExport,
    "no-enum-or-namespace": noEnumOrNamespace,
    "no-type-escape": noTypeEscape,
    "pure-core": pureCore,
    "unit-in-name": unitInName,
  },
};

export default houseRules;
