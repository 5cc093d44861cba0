const FOLDER = new URL("../../fixtures/config/", import.meta.url);

/** One complete configuration for a scenario. */
export interface ScenarioFile {
  readonly name: string;
  readonly text: string;
}

/** The lines for one tool at the top of a scenario. */
export interface FirewallRules {
  readonly name: string;
  readonly lines: readonly string[];
}

/**
 * Reads every scenario of fixtures/config.
 *
 * @returns files by name
 */
export function scenarioFiles(): readonly ScenarioFile[] {
  return [...Deno.readDirSync(FOLDER)]
    .map(({ name }) => name)
    .filter((name) => name.startsWith("scenario_"))
    .sort()
    .map((name) => ({ name, text: Deno.readTextFileSync(new URL(name, FOLDER)) }));
}

/**
 * Takes the nft commands out of the scenarios.
 *
 * @returns for each scenario what follows `nft`
 */
export function firewallRules(): readonly FirewallRules[] {
  return scenarioFiles().map(({ name, text }) => ({
    name,
    lines: [...text.matchAll(/^# {3}nft (.+)$/gm)].map(([, rule = ""]) => rule),
  }));
}
