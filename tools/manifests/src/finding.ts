/** Something a step does not like. */
export interface Finding {
  readonly step: string;
  /** The build it was found in. */
  readonly build: string;
  /** The tool's own name of the rule; empty for what no exception may excuse. */
  readonly check: string;
  /** `Kind/name`, or empty. */
  readonly object: string;
  readonly text: string;
}

export const lineOf = ({ step, build, check, object, text }: Finding): string =>
  [`${step} ${build}`, check, object, text].filter((part) => part !== '').join(': ');
